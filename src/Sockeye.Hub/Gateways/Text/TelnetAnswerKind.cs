namespace Sockeye.Hub.Gateways.Text;

/// <summary>What follows from a telnet command.</summary>
internal enum TelnetAnswerKind
{
    /// <summary>Bytes to send back.</summary>
    Reply,

    /// <summary>The user interrupts: IP or BRK.</summary>
    Interrupt,

    /// <summary>EC: the last character is taken back.</summary>
    EraseCharacter,

    /// <summary>EL: the line is taken back.</summary>
    EraseLine,

    /// <summary>IAC IAC: the byte 255 itself.</summary>
    Data,

    /// <summary>A subnegotiation without an end in sight.</summary>
    Endless,
}
