using System.Globalization;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>The table of options, and how a query is read and printed with it.</summary>
internal static class AddressOptionTable
{
    public const int BacklogMax = 65535;
    public const int KeepAliveSecondsMax = 32767;
    public const int TimeToLiveMax = 255;
    public const int ModeMax = 511; // 0777: permissions; setuid and its kin mean nothing on a socket.
    public const int BufferBytesMin = Kibibyte;
    public const int BufferBytesMax = 1024 * Mebibyte;
    public const int ProtocolMax = 255;
    private const int Kibibyte = 1024;
    private const int Mebibyte = 1024 * 1024;

    private const string BooleanExpected = "true, false, yes, no, 1 or 0";
    private const string BufferExpected = "bytes from 1k to 1024m, with k or m for KiB or MiB";

    private static readonly string[] Tcp = ["tcp", "tcp4", "tcp6", "tls"];
    private static readonly string[] Udp = ["udp", "udp4", "udp6"];
    private static readonly string[] UnixFiles = ["unix", "unix-dgram", "unix-seqpacket"];
    private static readonly string[] AllButWeb = [.. Tcp, .. Udp, .. UnixFiles, "abstract", "icmp", "raw"];

    // The order here is the order of printing.
    public static readonly IReadOnlyList<AddressOption> All =
    [
        new("type", ["abstract", "icmp"], "a socket type of this scheme",
            (options, value) => SocketTypeNamed(value) is { } type ? options with { SocketType = type } : null,
            options => options.SocketType is { } type ? NameOf(type) : null),
        new("protocol", ["raw"], "a whole number from 0 to 255",
            (options, value) => Number(value, 0, ProtocolMax) is { } number ? options with { ProtocolType = (ProtocolType)number } : null,
            options => ((int?)options.ProtocolType)?.ToString()),
        new("backlog", [.. Tcp, "unix", "unix-seqpacket", "abstract"], "a whole number from 1 to 65535",
            (options, value) => Number(value, 1, BacklogMax) is { } number ? options with { Backlog = number } : null,
            options => options.Backlog?.ToString()),
        new("mode", UnixFiles, "an octal number from 0 to 777",
            (options, value) => Octal(value, ModeMax) is { } mode ? options with { Mode = (UnixFileMode)mode } : null,
            options => options.Mode is { } mode ? Convert.ToString((int)mode, 8) : null),
        new("nodelay", Tcp, BooleanExpected,
            (options, value) => Boolean(value) is { } on ? options with { NoDelay = on } : null,
            options => Print(options.NoDelay)),
        new("keepalive", Tcp, "seconds from 1 to 32767",
            (options, value) => Number(value, 1, KeepAliveSecondsMax) is { } seconds
                ? options with { KeepAlive = TimeSpan.FromSeconds(seconds) } : null,
            options => options.KeepAlive?.TotalSeconds.ToString(CultureInfo.InvariantCulture)),
        new("sndbuf", AllButWeb, BufferExpected,
            (options, value) => Bytes(value) is { } bytes ? options with { SendBufferSize = bytes } : null,
            options => PrintBytes(options.SendBufferSize)),
        new("rcvbuf", AllButWeb, BufferExpected,
            (options, value) => Bytes(value) is { } bytes ? options with { ReceiveBufferSize = bytes } : null,
            options => PrintBytes(options.ReceiveBufferSize)),
        new("v6only", ["tcp", "tcp6", "udp", "udp6", "tls"], BooleanExpected,
            (options, value) => Boolean(value) is { } on ? options with { IPv6Only = on } : null,
            options => Print(options.IPv6Only)),
        new("reuseport", [.. Tcp, .. Udp], BooleanExpected,
            (options, value) => Boolean(value) is { } on ? options with { ReusePort = on } : null,
            options => Print(options.ReusePort)),
        new("broadcast", Udp, BooleanExpected,
            (options, value) => Boolean(value) is { } on ? options with { Broadcast = on } : null,
            options => Print(options.Broadcast)),
        new("gro", Udp, BooleanExpected,
            (options, value) => Boolean(value) is { } on ? options with { ReceiveOffload = on } : null,
            options => Print(options.ReceiveOffload)),
        new("ttl", [.. Tcp, .. Udp, "icmp", "raw"], "a whole number from 1 to 255",
            (options, value) => Number(value, 1, TimeToLiveMax) is { } number ? options with { TimeToLive = number } : null,
            options => options.TimeToLive?.ToString()),
        new("proxy", [.. Tcp, "unix", "abstract"], "v1, v2, or any where it listens",
            (options, value) => ProxyNamed(value) is { } versions ? options with { Proxy = versions } : null,
            options => options.Proxy is { } versions ? (versions == ProxyVersions.Any ? "any" : $"v{(int)versions}") : null),
    ];

    /// <summary>Reads <c>key=value&amp;key=value</c>; returns the problem, or null.</summary>
    public static string? Read(string query, AddressScheme scheme, out AddressOptions options)
    {
        options = AddressOptions.None;
        HashSet<string> seen = [];
        foreach (string part in query.Split('&'))
        {
            int equals = part.IndexOf('=');
            string key = equals < 0 ? part : part[..equals];
            string? value = equals < 0 ? null : part[(equals + 1)..];
            if (key.Length == 0)
                return "an option is empty; write options as ?key=value&key=value";
            if (Find(key, scheme, out AddressOption? option) is { } problem)
                return problem;
            if (!seen.Add(option!.Name))
                return $"the option \"{option.Name}\" is given twice; keep one";
            if (option.Read(options, value) is not { } changed)
                return $"{Display.Quote(part)} is not valid: {option.Name} is {option.Expected}";
            options = changed;
        }

        return Settle(scheme, ref options);
    }

    public static string Print(AddressOptions options) => string.Join('&',
        from option in All let value = option.Print(options) where value is not null select $"{option.Name}={value}");

    /// <summary>The options without those that the scheme does not take, for an address that changes its scheme.</summary>
    public static AddressOptions Keep(AddressOptions options, AddressScheme scheme)
    {
        AddressOptions kept = AddressOptions.None;
        foreach (AddressOption option in All)
        {
            if (option.Schemes.Contains(scheme.Name) && option.Print(options) is { } value)
                kept = option.Read(kept, value) ?? kept;
        }

        return kept;
    }

    private static string? Find(string key, AddressScheme scheme, out AddressOption? option)
    {
        option = All.FirstOrDefault(row => string.Equals(row.Name, key, StringComparison.OrdinalIgnoreCase));
        if (option is null)
        {
            string[] known = [.. from row in All where row.Schemes.Contains(scheme.Name) select row.Name];
            string advice = NearestWord.Find(key, known) is { } nearest
                ? $"did you mean \"{nearest}\"?"
                : $"{scheme.Name} takes {Display.List(known)}";
            return $"the option {Display.Quote(key)} is unknown; {advice}";
        }

        return option.Schemes.Contains(scheme.Name)
            ? null
            : $"the option \"{option.Name}\" is for {Display.List(option.Schemes)}, not for {scheme.Name}; remove it";
    }

    // The rules that need more than one option; what repeats the scheme's own choice is dropped, so that equal addresses are equal.
    private static string? Settle(AddressScheme scheme, ref AddressOptions options)
    {
        if (options.SocketType is { } type)
        {
            if (!scheme.SocketTypes.Contains(type))
                return $"\"type={NameOf(type)}\" is not valid: {scheme.Name} is {Display.List(scheme.SocketTypes.Select(NameOf), "or")}";
            if (type == scheme.DefaultSocketType)
                options = options with { SocketType = null };
        }

        if (options.ProtocolType == scheme.Protocol)
            options = options with { ProtocolType = null };
        if (options.Backlog is not null && (options.SocketType ?? scheme.DefaultSocketType) == SocketType.Dgram)
            return "the option \"backlog\" is for sockets that listen, which datagram sockets do not; remove it";
        if (options.Proxy is not null && (options.SocketType ?? scheme.DefaultSocketType) != SocketType.Stream)
            return "the option \"proxy\" is for streams; remove it";
        return null;
    }

    private static int? Number(string? text, int minimum, int maximum) =>
        DecimalNumber.TryParse(text, maximum, out int number) && number >= minimum ? number : null;

    private static int? Octal(string? text, int maximum)
    {
        if (text is not { Length: >= 1 and <= 4 } || text.AsSpan().ContainsAnyExceptInRange('0', '7'))
            return null;
        int value = Convert.ToInt32(text, 8);
        return value <= maximum ? value : null;
    }

    // A bare key switches on; "key=" is more likely a value that got lost.
    private static bool? Boolean(string? text) => text?.ToLowerInvariant() switch
    {
        null or "true" or "yes" or "1" => true,
        "false" or "no" or "0" => false,
        _ => null,
    };

    private static int? Bytes(string? text) =>
        ByteCount.TryParse(text, BufferBytesMax, out int count) && count >= BufferBytesMin ? count : null;

    private static string? PrintBytes(int? bytes) => bytes is { } count ? ByteCount.Print(count) : null;

    private static string? Print(bool? value) => value is { } on ? (on ? "true" : "false") : null;

    private static SocketType? SocketTypeNamed(string? name) => name?.ToLowerInvariant() switch
    {
        "stream" => SocketType.Stream,
        "dgram" => SocketType.Dgram,
        "seqpacket" => SocketType.Seqpacket,
        "raw" => SocketType.Raw,
        _ => null,
    };

    private static ProxyVersions? ProxyNamed(string? name) => name?.ToLowerInvariant() switch
    {
        "v1" => ProxyVersions.V1,
        "v2" => ProxyVersions.V2,
        "any" => ProxyVersions.Any,
        _ => null,
    };

    private static string NameOf(SocketType type) => type.ToString().ToLowerInvariant();
}
