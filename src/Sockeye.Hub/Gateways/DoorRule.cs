using System.Net;
using System.Net.Sockets;

namespace Sockeye.Hub.Gateways;

/// <summary>What addresses a door can have.</summary>
/// <param name="Option">The property of <see cref="HubOptions"/> that says where it is.</param>
/// <param name="Door">What it is, as in "the page's door".</param>
/// <param name="Schemes">Those it speaks, the usual one first; a slash is not in any of them.</param>
internal sealed record DoorRule(string Option, string Door, params string[] Schemes)
{
    public static readonly DoorRule Text = new(nameof(HubOptions.Text), "the plain-text door", "tcp", "tcp4", "tcp6", "tls");
    public static readonly DoorRule Udp = new(nameof(HubOptions.Udp), "the UDP door", "udp", "udp4", "udp6");
    public static readonly DoorRule Unix = new(nameof(HubOptions.Unix), "the Unix socket's door", "unix", "abstract");
    public static readonly DoorRule Web = new(nameof(HubOptions.Web), "the page's door", "http", "https");

    private static readonly DoorRule[] All = [Text, Udp, Unix, Web];

    /// <summary>Looks whether the door can be where it is asked for.</summary>
    /// <param name="asked">What the option says; null and <see cref="HubOptions.Off"/> can always be.</param>
    /// <param name="hasCertificate">Whether the hub has a certificate for TLS.</param>
    /// <exception cref="HubOptionException">It cannot.</exception>
    public void Check(string? asked, bool hasCertificate)
    {
        if (asked is null or HubOptions.Off)
            return;
        if (!asked.Contains("://", StringComparison.Ordinal))
            throw Refuse(asked, AdviseWithoutScheme(asked));
        if (!Address.TryParse(asked, out Address? address, out string? error))
            throw new HubOptionException(Option, char.ToLowerInvariant(error[0]) + error[1..].TrimEnd('.'));
        if (!Schemes.Contains(address.Scheme))
            throw Refuse(asked, AdviseOtherScheme(address));
        if (address.SocketType != SocketType.Stream && this != Udp)
            throw Refuse(asked, "leave out the option type");
        if (address.IsTls && !hasCertificate)
            throw new HubOptionException(Option, $"{asked} needs a certificate: --tls CERT KEY");
        if (this == Web)
            CheckWeb(asked, address);
        if (address.EndPoint is UnixDomainSocketEndPoint path && Directory.Exists(path.ToString()))
            throw new HubOptionException(Option, $"{path} is a directory; name a file in it, as in {asked.TrimEnd('/')}/hub.sock");
    }

    /// <summary>Kestrel, which serves the page, takes no other names.</summary>
    private void CheckWeb(string asked, Address address)
    {
        if (address.Path is not ("" or "/"))
            throw Refuse(asked, $"the page is at /, so leave out {address.Path}");
        if (address is { Host: "localhost", Port: 0 })
            throw Refuse(asked, "any free port can be had of an IP address only, as in http://127.0.0.1:0");
        if (address.EndPoint is not IPEndPoint && address.Host is not ("localhost" or "*"))
            throw Refuse(asked, $"its host is an IP address, localhost or *; {address.Host} is none");
    }

    private string AdviseWithoutScheme(string asked)
    {
        if (asked.Length is > 0 and <= 4 && NearestWord.Distance(asked.ToLowerInvariant(), HubOptions.Off) <= 1)
            return $"did you mean {HubOptions.Off}?";
        string usual = Schemes[0] + "://";
        string guess = asked.Length > 0 && asked.All(char.IsAsciiDigit) ? $"{usual}127.0.0.1:{asked}" : usual + asked;
        bool isOne = asked.Length > 0 && (this != Unix || asked.Contains('/')) && Address.TryParse(guess, out _);
        return isOne ? $"did you mean {guess}?" : $"it is an address, as in {Example}, or {HubOptions.Off}";
    }

    private string AdviseOtherScheme(Address address)
    {
        if (Array.Find(All, rule => rule.Schemes.Contains(address.Scheme)) is { } other)
            return $"that one is for {other.Door}";
        string host = address.Host.Contains(':') ? $"[{address.Host}]" : address.Host;
        return address.Port == 0 ? $"try {Example}" : $"try {Schemes[0]}://{host}:{address.Port}";
    }

    private string Example => this == Unix ? "unix:///run/hub.sock" : $"{Schemes[0]}://127.0.0.1:8888";

    private HubOptionException Refuse(string asked, string advice) =>
        new(Option, $"it cannot be \"{asked}\": {Door} has {string.Join(" or ", Schemes.Where(scheme => !char.IsAsciiDigit(scheme[^1])))} addresses; {advice}");
}
