using System.Collections;

namespace Sockeye.Hub.Gateways.Text;

/// <summary>
/// Telnet's commands within a stream (RFC 854), and options (RFC 855): all are refused but the echo, and each only once, so that two who
/// refuse each other come to an end. Pure.
/// </summary>
internal sealed class TelnetParser
{
    /// <summary>Interpret as command.</summary>
    public const byte Iac = 255;

    private const byte SubnegotiationEnd = 240;
    private const byte Break = 243;
    private const byte InterruptProcess = 244;
    private const byte AreYouThere = 246;
    private const byte EraseCharacter = 247;
    private const byte EraseLine = 248;
    private const byte Subnegotiation = 250;
    private const byte Will = 251;
    private const byte Wont = 252;
    private const byte Do = 253;
    private const byte Dont = 254;
    private const byte EchoOption = 1;

    private State _state;

    /// <summary>The options that were refused: 0 to 255 of theirs, then 256 of ours. Null until one is.</summary>
    private BitArray? _refused;

    private enum State : byte
    {
        Data,
        Command,
        Will,
        Do,
        Other,
        Subnegotiation,
        SubnegotiationCommand,
    }

    /// <summary>The bytes that say: the echo is ours now, show nothing that is typed.</summary>
    public static ReadOnlySpan<byte> WillEcho => [Iac, Will, EchoOption];

    /// <summary>The bytes that say: show again what is typed.</summary>
    public static ReadOnlySpan<byte> WontEcho => [Iac, Wont, EchoOption];

    /// <summary>Whether a command has come: it is telnet.</summary>
    public bool WasSeen { get; private set; }

    /// <summary>Whether we said that the echo is ours.</summary>
    public bool Echoes { get; set; }

    /// <summary>Whether the next byte belongs to a command.</summary>
    public bool IsInCommand => _state != State.Data;

    /// <summary>IAC has come.</summary>
    public void Begin()
    {
        _state = State.Command;
        WasSeen = true;
    }

    /// <summary>Takes a byte of a command; null: nothing follows from it.</summary>
    public TelnetAnswer? Take(byte value)
    {
        switch (_state)
        {
            case State.Command:
                return TakeCommand(value);
            case State.Will:
                _state = State.Data;
                return Refuse(value, Dont, value);
            case State.Do:
                _state = State.Data;
                return value == EchoOption && Echoes ? null : Refuse(256 + value, Wont, value);
            case State.Subnegotiation:
                if (value == Iac)
                    _state = State.SubnegotiationCommand;
                return null;
            case State.SubnegotiationCommand:
                _state = value == SubnegotiationEnd ? State.Data : State.Subnegotiation;
                return null;
            default:
                _state = State.Data;
                return null;
        }
    }

    private TelnetAnswer? TakeCommand(byte value)
    {
        _state = value switch
        {
            Will => State.Will,
            Do => State.Do,
            Wont or Dont => State.Other,
            Subnegotiation => State.Subnegotiation,
            _ => State.Data,
        };
        return value switch
        {
            Iac => new TelnetAnswer(TelnetAnswerKind.Data),
            Break or InterruptProcess => new TelnetAnswer(TelnetAnswerKind.Interrupt),
            AreYouThere => new TelnetAnswer(TelnetAnswerKind.Reply, [.. "* Yes, the hub is here.\r\n"u8]),
            EraseCharacter => new TelnetAnswer(TelnetAnswerKind.EraseCharacter),
            EraseLine => new TelnetAnswer(TelnetAnswerKind.EraseLine),
            _ => null,
        };
    }

    private TelnetAnswer? Refuse(int index, byte word, byte option)
    {
        _refused ??= new BitArray(512);
        if (_refused[index])
            return null;
        _refused[index] = true;
        return new TelnetAnswer(TelnetAnswerKind.Reply, [Iac, word, option]);
    }
}
