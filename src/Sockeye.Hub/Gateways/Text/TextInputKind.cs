namespace Sockeye.Hub.Gateways.Text;

/// <summary>What a client's bytes turned out to be.</summary>
internal enum TextInputKind
{
    /// <summary>A line, complete.</summary>
    Line,

    /// <summary>A line that is not UTF-8.</summary>
    NotUtf8,

    /// <summary>A line with more bytes than a line may have; the rest of it is dropped.</summary>
    TooLong,

    /// <summary>A line without an end in sight.</summary>
    Endless,

    /// <summary>Telnet asked for something that is to be answered.</summary>
    Telnet,

    /// <summary>The wish to go: end of file typed on an empty line, or telnet's interrupt.</summary>
    End,
}
