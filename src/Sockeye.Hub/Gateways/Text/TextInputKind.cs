namespace Sockeye.Hub.Gateways.Text;

/// <summary>What a client's bytes turned out to be.</summary>
internal enum TextInputKind
{
    /// <summary>A line, complete.</summary>
    Line,

    /// <summary>A line with more bytes than a line may have; the rest of it is dropped.</summary>
    TooLong,

    /// <summary>A line, or what telnet says of an option, without an end in sight.</summary>
    Endless,

    /// <summary>Telnet asked for something that is to be answered.</summary>
    Telnet,

    /// <summary>The wish to go: Ctrl-D, Ctrl-C or telnet's interrupt on an empty line.</summary>
    End,
}
