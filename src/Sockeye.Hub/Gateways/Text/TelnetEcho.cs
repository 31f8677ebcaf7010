namespace Sockeye.Hub.Gateways.Text;

/// <summary>
/// Whose the echo is, as RFC 1143 (section 7) has it: what was asked for is waited for before anything else is asked, so that two who negotiate never go round in
/// circles. A client that knows no telnet never answers, and is asked once.
/// </summary>
internal struct TelnetEcho
{
    private State _state;

    private enum State : byte
    {
        /// <summary>The client's.</summary>
        No,
        Yes,

        /// <summary>WILL is sent, and not answered.</summary>
        WantYes,

        /// <summary>The same, and by now it shall be the client's again.</summary>
        WantYesThenNo,

        /// <summary>WONT is sent, and not answered.</summary>
        WantNo,

        /// <summary>The same, and by now it shall be ours again.</summary>
        WantNoThenYes,
    }

    /// <summary>Whether the client shows nothing of what is typed.</summary>
    public readonly bool IsOurs => _state == State.Yes;

    /// <summary>It shall be ours: what to send, or nothing.</summary>
    public byte[]? Take()
    {
        switch (_state)
        {
            case State.No:
                _state = State.WantYes;
                return TelnetParser.Option(TelnetParser.Will, TelnetParser.EchoOption);
            case State.WantYesThenNo:
                _state = State.WantYes;
                return null;
            case State.WantNo:
                _state = State.WantNoThenYes;
                return null;
            default:
                return null;
        }
    }

    /// <summary>It shall be the client's again: what to send, or nothing.</summary>
    public byte[]? GiveBack()
    {
        switch (_state)
        {
            case State.Yes:
                _state = State.WantNo;
                return TelnetParser.Option(TelnetParser.Wont, TelnetParser.EchoOption);
            case State.WantYes:
                _state = State.WantYesThenNo;
                return null;
            case State.WantNoThenYes:
                _state = State.WantNo;
                return null;
            default:
                return null;
        }
    }

    /// <summary>The client says DO: what to send, or nothing.</summary>
    public byte[]? OnDo()
    {
        switch (_state)
        {
            case State.No:
                return TelnetParser.Option(TelnetParser.Wont, TelnetParser.EchoOption);
            case State.WantYes or State.WantNoThenYes:
                _state = State.Yes;
                return null;
            case State.WantYesThenNo:
                _state = State.WantNo;
                return TelnetParser.Option(TelnetParser.Wont, TelnetParser.EchoOption);
            case State.WantNo:
                _state = State.No;
                return null;
            default:
                return null;
        }
    }

    /// <summary>The client says DONT: what to send, or nothing.</summary>
    public byte[]? OnDont()
    {
        switch (_state)
        {
            case State.Yes:
                _state = State.No;
                return TelnetParser.Option(TelnetParser.Wont, TelnetParser.EchoOption);
            case State.WantNoThenYes:
                _state = State.WantYes;
                return TelnetParser.Option(TelnetParser.Will, TelnetParser.EchoOption);
            default:
                _state = State.No;
                return null;
        }
    }
}
