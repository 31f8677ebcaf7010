namespace Sockeye;

/// <summary>Versions of the PROXY protocol, in which a proxy tells the server behind it whom it speaks for.</summary>
[Flags]
public enum ProxyVersions
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Version 1: a line of text.</summary>
    V1 = 1,

    /// <summary>Version 2: binary.</summary>
    V2 = 2,

    /// <summary>Either; for the receiving side only.</summary>
    Any = V1 | V2,
}
