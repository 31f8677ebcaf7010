using System.ComponentModel.DataAnnotations;

namespace Sockeye.Hub;

/// <summary>What a <see cref="HubServer"/> can be told. Every door has a default, and <see cref="Off"/> closes it.</summary>
public sealed record HubOptions
{
    /// <summary>The word for no such door.</summary>
    public const string Off = "off";

    /// <summary>
    /// Where the plain-text door listens: <c>tcp://HOST:PORT</c>, or <c>tls://HOST:PORT</c> with <see cref="TlsCertificate"/>. Null:
    /// <c>tcp://127.0.0.1:8888</c> (<c>tls</c> with a certificate), or the next free port.
    /// </summary>
    public string? Text { get; init; }

    /// <summary>Where the UDP door listens: <c>udp://HOST:PORT</c>. Null: <c>udp://127.0.0.1:9000</c>, or the next free port.</summary>
    public string? Udp { get; init; }

    /// <summary>Where the plain-text door listens on a Unix socket: <c>unix://PATH</c>. Null: <c>hub.sock</c> in <see cref="DataDirectory"/>.</summary>
    public string? Unix { get; init; }

    /// <summary>
    /// Where the page is: <c>http://HOST:PORT</c>, or <c>https://HOST:PORT</c> with <see cref="TlsCertificate"/>. Null: <c>http://127.0.0.1:8080</c> (<c>https</c> with a
    /// certificate), or the next free port.
    /// </summary>
    public string? Web { get; init; }

    /// <summary>Whether the doors that are not given an address listen on all interfaces of this machine, for others to come in.</summary>
    public bool Lan { get; init; }

    /// <summary>
    /// The IP addresses, between commas, by which others are told to reach the doors that listen on all interfaces, as behind a router or in a container. Null: those of this machine's
    /// interfaces.
    /// </summary>
    public string? Advertise { get; init; }

    /// <summary>The file of the certificate for TLS, with its chain (PEM); null: no TLS.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>The file of the certificate's key (PEM); null: it is in <see cref="TlsCertificate"/>.</summary>
    public string? TlsKey { get; init; }

    /// <summary>Where history, members and the Unix socket are kept; null: nothing is kept beyond the hub's life, and there is no Unix socket by default.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Whether <see cref="HubServer.OwnerLink"/> is made where the hub has an owner already. No.</summary>
    public bool InvitesAnotherOwner { get; init; }

    /// <summary>The most connections that the plain-text door serves at a time. 20,000.</summary>
    [Range(1, 1_000_000)]
    public int TextConnectionsMax { get; init; } = 20_000;

    /// <summary>The most connections of one IP address to the plain-text door; IPv6 counts by /64. 50.</summary>
    [Range(1, 1_000_000)]
    public int TextConnectionsPerAddressMax { get; init; } = 50;

    /// <summary>The most pages that are open at a time. 10,000.</summary>
    [Range(1, 1_000_000)]
    public int WebConnectionsMax { get; init; } = 10_000;

    /// <summary>The most open pages of one IP address; IPv6 counts by /64. 50.</summary>
    [Range(1, 1_000_000)]
    public int WebConnectionsPerAddressMax { get; init; } = 50;

    /// <summary>The most addresses that are here by UDP at a time. 2,000.</summary>
    [Range(1, 1_000_000)]
    public int UdpClientsMax { get; init; } = 2_000;

    /// <summary>The most of them with one IP address; IPv6 counts by /64. 50.</summary>
    [Range(1, 1_000_000)]
    public int UdpClientsPerAddressMax { get; init; } = 50;

    /// <summary>Whether the limits per address hold for this machine's own addresses too. No.</summary>
    public bool LimitsLoopback { get; init; }

    /// <summary>The most messages that wait for one client; beyond it the client is given what it missed from history when it has caught up. 256.</summary>
    [Range(1, 1_000_000)]
    public int QueueMessagesMax { get; init; } = 256;

    /// <summary>The most bytes that wait for one client. 1 MiB.</summary>
    [Range(16_384, 1_073_741_824)]
    public int QueueBytesMax { get; init; } = 1024 * 1024;

    /// <summary>How long clients have to take what waits for them when the hub stops, before they are cut off. 3 s.</summary>
    [Range(typeof(TimeSpan), "0:00:00", "1:00:00")]
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>What else people can make grow, and how far: of the chat, and of each door.</summary>
    public HubLimits Limits { get; init; } = new();

    /// <summary>What an option is called in a file of settings: <c>limits:chat:messageBytesMax</c>, as .NET's configuration writes it.</summary>
    /// <param name="path">The name of a property, or the way to it: <c>Limits.Chat.MessageBytesMax</c>.</param>
    public static string KeyOf(string path) => path == nameof(DataDirectory)
        ? "data"
        : string.Join(':', path.Split('.').Select(name => char.ToLowerInvariant(name[0]) + name[1..]));

    /// <summary>Told of what is worth knowing and changes nothing, one sentence at a time; from any thread.</summary>
    public Action<string>? OnNotice { get; init; }
}
