namespace Sockeye.Hub.Domain;

/// <summary>
/// Somebody's connection as the chat knows it; a gateway implements it. All is called by the hub's one loop: neither may wait, and what cannot be taken is for the
/// client to drop and fetch later.
/// </summary>
internal interface IChatClient
{
    /// <summary>The door it came by, such as <c>text</c>, <c>udp</c> or <c>web</c>; shown to people, of no meaning to the chat.</summary>
    string Door { get; }

    /// <summary>
    /// Where it comes from, for telling a guest who returns from another who takes the name: the host for an address, a hash for a browser's
    /// cookie. Two clients of one origin are one person as far as names without a password go.
    /// </summary>
    string Origin { get; }

    /// <summary>
    /// Where it comes from, for all that is done from there together: an IPv4 address, the /64 of an IPv6 address, the user of a Unix socket. Of a page the
    /// address too, as a cookie is whatever its sender says.
    /// </summary>
    string Host => Origin;

    /// <summary>Whether the origin is one person's, as a browser's cookie is; a host may have many.</summary>
    bool IsPersonal { get; }

    /// <summary>Takes what happened. It is sent when the loop comes to <see cref="Flush"/>.</summary>
    void Show(ChatEvent happened);

    /// <summary>All that was known at this time has been shown: send it.</summary>
    void Flush();
}
