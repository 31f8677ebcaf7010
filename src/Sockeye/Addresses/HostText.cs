using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sockeye;

/// <summary>Hosts: names, dotted quads, bracketed IPv6 addresses and <c>*</c>.</summary>
internal static class HostText
{
    public const string Any = "*";

    // RFC 1035 section 2.3.4. Counted in characters: what a Unicode name becomes in ASCII is the resolver's business.
    public const int NameLengthMax = 253;
    public const int LabelLengthMax = 63;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");
    private static readonly SearchValues<char> IPv6Characters = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>Reads a host; an empty one is this machine. Returns the problem, or null.</summary>
    public static string? Read(string host, int port, AddressScheme scheme, out EndPoint? endPoint)
    {
        endPoint = null;
        if (host == Any)
            return ReadAny(port, scheme, out endPoint);
        if (host is ['[', .., ']'])
            return ReadIPv6(host[1..^1], out IPAddress? address) ?? Settle(address!, port, scheme, out endPoint);
        if (ReadIPv4(host) is { } quad)
            return Settle(quad, port, scheme, out endPoint);
        if (NameProblem(host) is { } problem)
            return problem;
        endPoint = new DnsEndPoint(host.Length == 0 ? "localhost" : ToLowerAscii(host), port, scheme.Family);
        return null;
    }

    /// <summary>The text that <see cref="Read"/> reads back.</summary>
    public static string Print(EndPoint endPoint, AddressScheme scheme) => endPoint switch
    {
        IPEndPoint ip when scheme.IsDualStack && ip.Address.Equals(IPAddress.IPv6Any) => Any,
        IPEndPoint { AddressFamily: AddressFamily.InterNetworkV6 } ip => $"[{ip.Address}]",
        IPEndPoint ip => ip.Address.ToString(),
        _ => ((DnsEndPoint)endPoint).Host,
    };

    /// <summary>The problem with a name, or null.</summary>
    public static string? NameProblem(string name)
    {
        if (name.Length == 0)
            return null;
        if (FullWidthProblem(name) is { } fullWidth)
            return fullWidth;
        string[] labels = (name.EndsWith('.') ? name[..^1] : name).Split('.');
        foreach (string label in labels)
        {
            if (LabelProblem(label, name) is { } problem)
                return problem;
        }

        // Resolvers read "127.1", "0x7f.1", "010.0.0.1" and "2130706433" as addresses, each by rules of its own (inet_aton).
        if (IsNumber(labels[^1]))
            return $"the host {Display.Quote(name)} looks like a number; write IPv4 as four decimal numbers from 0 to 255: 127.0.0.1";
        return name.TrimEnd('.').Length > NameLengthMax
            ? $"the host name has {name.Length} characters, more than {NameLengthMax}; shorten it"
            : null;
    }

    /// <summary>A dotted quad of four decimal numbers, or null.</summary>
    public static IPAddress? ReadIPv4(string text)
    {
        string[] parts = text.Split('.');
        if (parts.Length != 4)
            return null;
        byte[] bytes = new byte[4];
        for (int index = 0; index < bytes.Length; index++)
        {
            if (!DecimalNumber.TryParse(parts[index], byte.MaxValue, out int value))
                return null;
            bytes[index] = (byte)value;
        }

        return new IPAddress(bytes);
    }

    /// <summary>Reads an IPv6 address without its brackets; returns the problem, or null.</summary>
    public static string? ReadIPv6(string text, out IPAddress? address)
    {
        int percent = text.IndexOf('%');
        string literal = percent < 0 ? text : text[..percent];
        if (!IsIPv6(literal))
        {
            address = null;
            return $"{Display.Quote(literal)} is not an IPv6 address; brackets hold one as in [::1]";
        }

        address = IPAddress.Parse(literal);
        if (percent < 0)
            return null;
        string zone = text[(percent + 1)..];
        if (Zone(zone) is not { } scope)
            return $"the zone {Display.Quote(zone)} is neither a number nor an interface of this system; try [{literal}%1]";
        address.ScopeId = scope;
        return null;
    }

    /// <summary>Whether the text is an IPv6 address, without zone and brackets.</summary>
    public static bool IsIPv6(string text)
    {
        // The platform's parser also takes ports, prefixes and zones; those are not this part's.
        if (text.AsSpan().ContainsAnyExcept(IPv6Characters) || !text.Contains(':'))
            return false;
        string last = text[(text.LastIndexOf(':') + 1)..];
        return (!last.Contains('.') || ReadIPv4(last) is not null) && IPAddress.TryParse(text, out _);
    }

    /// <summary>The problem with a full-width character in a text, or null.</summary>
    /// <remarks>Input methods for Chinese, Japanese and Korean type these (U+FF01 to U+FF5E); to the eye they are plain.</remarks>
    public static string? FullWidthProblem(string text)
    {
        int position = text.AsSpan().IndexOfAnyInRange('\uFF01', '\uFF5E');
        return position < 0 ? null : $"\"{text[position]}\" is a full-width character; write \"{(char)(text[position] - 0xFEE0)}\"";
    }

    private static string? ReadAny(int port, AddressScheme scheme, out EndPoint? endPoint)
    {
        endPoint = null;
        if (scheme.Kind == AddressKind.HostOnly)
            return $"{scheme.Name} has no *, which means both families at once; try {scheme.Name}://0.0.0.0 or {scheme.Name}://[::]";
        endPoint = new IPEndPoint(scheme.Family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, port);
        return null;
    }

    private static string? Settle(IPAddress address, int port, AddressScheme scheme, out EndPoint? endPoint)
    {
        endPoint = null;
        if (scheme.Family != AddressFamily.Unspecified && scheme.Family != address.AddressFamily)
        {
            string family = address.AddressFamily == AddressFamily.InterNetwork ? "IPv4" : "IPv6";
            return $"{address} is {family}, which {scheme.Name} excludes; try {scheme.Name[..^1]}{family[^1]}://";
        }

        endPoint = new IPEndPoint(address, port);
        return null;
    }

    private static string? LabelProblem(string label, string name)
    {
        if (label.Length == 0)
            return $"the host {Display.Quote(name)} has an empty part between its dots; remove a dot";
        if (label.Length > LabelLengthMax)
            return $"a part of the host name has {label.Length} characters, more than {LabelLengthMax}; shorten it";
        foreach (Rune rune in label.EnumerateRunes())
        {
            if (!IsNameCharacter(rune))
                return $"the character \"{rune}\" cannot be in a host; names are letters, digits, hyphens, underscores and dots";
        }

        return null;
    }

    // Combining marks are letters to the scripts that need them. Of the digits only ASCII: others may become an IPv4 address later.
    private static bool IsNameCharacter(Rune rune) =>
        rune.IsAscii
            ? char.IsAsciiLetterOrDigit((char)rune.Value) || rune.Value is '-' or '_'
            : Rune.IsLetter(rune)
                || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    // The WHATWG URL standard's "ends in a number" check.
    private static bool IsNumber(string label) =>
        DecimalNumber.IsDigits(label)
        || (label.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && label.AsSpan(2).IndexOfAnyExcept(HexDigits) < 0);

    private static uint? Zone(string zone)
    {
        if (DecimalNumber.IsDigits(zone))
            return uint.TryParse(zone, out uint number) ? number : null;

        // The platform looks interfaces up while parsing, and says zero for those it does not find.
        bool plausible = zone.Length is > 0 and <= LabelLengthMax && !zone.AsSpan().ContainsAny("%[]/");
        return plausible && IPAddress.TryParse($"fe80::1%{zone}", out IPAddress? address) && address.ScopeId != 0
            ? (uint)address.ScopeId
            : null;
    }

    // RFC 4343: host names ignore the case of ASCII letters, and of no others.
    private static string ToLowerAscii(string text) =>
        string.Concat(text.Select(character => char.IsAsciiLetterUpper(character) ? char.ToLowerInvariant(character) : character));
}
