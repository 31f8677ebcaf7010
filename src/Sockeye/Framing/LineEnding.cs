namespace Sockeye;

/// <summary>What ends a line that is written. Both are read.</summary>
public enum LineEnding
{
    /// <summary>One line feed (0x0A), as on Unix.</summary>
    Lf,

    /// <summary>Carriage return and line feed (0x0D 0x0A), as in the Internet's text protocols (RFC 5234, CRLF).</summary>
    CrLf,
}
