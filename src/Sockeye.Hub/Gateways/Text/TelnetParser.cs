namespace Sockeye.Hub.Gateways.Text;

/// <summary>
/// Telnet's commands within a stream (RFC 854), and options (RFC 855): every one is refused, each time it is asked for, but the echo, which is asked for while a
/// password is typed. Pure.
/// </summary>
internal sealed class TelnetParser
{
    /// <summary>The most bytes between SB and SE: nothing that was agreed to has any.</summary>
    public const int SubnegotiationBytesMax = 1024;

    /// <summary>Interpret as command.</summary>
    public const byte Iac = 255;

    public const byte Will = 251;
    public const byte Wont = 252;
    public const byte EchoOption = 1;

    private const byte SubnegotiationEnd = 240;
    private const byte Break = 243;
    private const byte InterruptProcess = 244;
    private const byte AreYouThere = 246;
    private const byte EraseCharacter = 247;
    private const byte EraseLine = 248;
    private const byte Subnegotiation = 250;
    private const byte Do = 253;
    private const byte Dont = 254;

    private State _state;
    private int _subnegotiated;
    private TelnetEcho _echo;

    private enum State : byte
    {
        Data,
        Command,
        Will,
        Wont,
        Do,
        Dont,
        Subnegotiation,
        SubnegotiationCommand,
    }

    /// <summary>Whether the next byte belongs to a command.</summary>
    public bool IsInCommand => _state != State.Data;

    /// <summary>Whether the client shows nothing of what is typed.</summary>
    public bool IsEchoOff => _echo.IsOurs;

    /// <summary>Three bytes that say something of an option.</summary>
    public static byte[] Option(byte word, byte option) => [Iac, word, option];

    /// <summary>What to send so that a telnet shows nothing of what is typed; null: nothing.</summary>
    public byte[]? TurnEchoOff() => _echo.Take();

    /// <summary>What to send so that it does again; null: nothing.</summary>
    public byte[]? TurnEchoOn() => _echo.GiveBack();

    /// <summary>IAC has come.</summary>
    public void Begin() => _state = State.Command;

    /// <summary>Takes a byte of a command; null: nothing follows from it.</summary>
    public TelnetAnswer? Take(byte value)
    {
        switch (_state)
        {
            case State.Command:
                return TakeCommand(value);
            case State.Will:
                _state = State.Data;
                return Reply(Option(Dont, value));
            case State.Do:
                _state = State.Data;
                return Reply(value == EchoOption ? _echo.OnDo() : Option(Wont, value));
            case State.Dont:
                _state = State.Data;
                return Reply(value == EchoOption ? _echo.OnDont() : null);
            case State.Subnegotiation or State.SubnegotiationCommand:
                return TakeSubnegotiation(value);
            default:
                _state = State.Data;
                return null;
        }
    }

    private TelnetAnswer? TakeCommand(byte value)
    {
        _subnegotiated = 0;
        _state = value switch
        {
            Will => State.Will,
            Wont => State.Wont,
            Do => State.Do,
            Dont => State.Dont,
            Subnegotiation => State.Subnegotiation,
            _ => State.Data,
        };
        return value switch
        {
            Iac => new TelnetAnswer(TelnetAnswerKind.Data),
            Break or InterruptProcess => new TelnetAnswer(TelnetAnswerKind.Interrupt),
            AreYouThere => Reply([.. "* Yes, the hub is here.\r\n"u8]),
            EraseCharacter => new TelnetAnswer(TelnetAnswerKind.EraseCharacter),
            EraseLine => new TelnetAnswer(TelnetAnswerKind.EraseLine),
            _ => null,
        };
    }

    private TelnetAnswer? TakeSubnegotiation(byte value)
    {
        if (_state == State.SubnegotiationCommand)
            _state = value == SubnegotiationEnd ? State.Data : State.Subnegotiation;
        else if (value == Iac)
            _state = State.SubnegotiationCommand;
        if (_state == State.Data || ++_subnegotiated <= SubnegotiationBytesMax)
            return null;
        _state = State.Data;
        return new TelnetAnswer(TelnetAnswerKind.Endless);
    }

    private static TelnetAnswer? Reply(byte[]? bytes) => bytes is null ? null : new TelnetAnswer(TelnetAnswerKind.Reply, bytes);
}
