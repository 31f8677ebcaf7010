namespace Sockeye;

/// <summary>The grammar of what follows a scheme.</summary>
internal enum AddressKind
{
    /// <summary><c>host:port?options</c>, the port required.</summary>
    HostAndPort,

    /// <summary><c>host?options</c>: the protocol has no ports.</summary>
    HostOnly,

    /// <summary><c>host[:port]/path?query</c>: the query is the path's, so there are no options.</summary>
    Web,

    /// <summary><c>path?options</c>: a file.</summary>
    UnixFile,

    /// <summary><c>name?options</c>: a name in Linux's abstract namespace.</summary>
    UnixAbstract,
}
