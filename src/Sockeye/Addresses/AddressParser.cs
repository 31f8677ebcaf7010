using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// Reads addresses. Every step returns null, or the problem: the faulty part and what to try. Never throws, since addresses come
/// from command lines, files and strangers.
/// </summary>
internal static class AddressParser
{
    public const int PortMax = 65535;
    private const string SchemeEnd = "://";
    private const int SuggestedPort = 8888;

    /// <summary>Reads an address; returns the whole error message, or null.</summary>
    public static string? Read(string text, out Address? address)
    {
        address = null;
        string? problem = text.Length switch
        {
            0 => "it is empty; try tcp://localhost:8888",
            > Address.LengthMax => $"it has {text.Length} characters, more than {Address.LengthMax}; shorten it",
            _ => AddressCharacters.FindProblem(text) ?? ReadScheme(text, out address),
        };
        return problem is null ? null : $"The address {Display.Quote(text)} is not valid: {problem}.";
    }

    private static string? ReadScheme(string text, out Address? address)
    {
        address = null;
        int end = text.IndexOf(SchemeEnd, StringComparison.Ordinal);
        if (end < 0)
            return BareProblem(text) ?? ReadAfterScheme(text, AddressSchemes.Tcp, out address);

        string name = text[..end];
        string rest = text[(end + SchemeEnd.Length)..];
        if (AddressSchemes.Find(name) is { } scheme)
            return ReadAfterScheme(rest, scheme, out address);

        string advice = NearestWord.Find(name, AddressSchemes.Names) is { } nearest
            ? $"try {Display.Shorten($"{nearest}{SchemeEnd}{rest}")}"
            : $"known are {Display.List(AddressSchemes.Names)}";
        return $"the scheme {Display.Quote(name)} is unknown; {advice}";
    }

    // Without a scheme it is TCP, but some texts were plainly meant otherwise.
    private static string? BareProblem(string text)
    {
        if (text.StartsWith('/') || text.StartsWith("./", StringComparison.Ordinal) || text.StartsWith("../", StringComparison.Ordinal))
            return $"it has no scheme; for a path try {Display.Shorten($"unix://{text}")}";
        if (DecimalNumber.IsDigits(text))
            return $"it has no host and no colon; for a port of this machine try {Display.Shorten($":{text}")}";

        // "tcp:80" is port 80 of a host called tcp, but no port holds a slash.
        string[] parts = text.Split(':', 2);
        if (parts.Length < 2 || !parts[1].Contains('/') || AddressSchemes.Find(parts[0]) is not { } scheme)
            return null;
        string rest = scheme.IsUnix ? parts[1] : parts[1].TrimStart('/');
        return $"two slashes follow a scheme; try {Display.Shorten($"{scheme.Name}{SchemeEnd}{rest}")}";
    }

    private static string? ReadAfterScheme(string rest, AddressScheme scheme, out Address? address)
    {
        address = null;
        string path = "";
        EndPoint? endPoint = null;
        AddressOptions options = AddressOptions.None;
        string? problem = scheme.Kind == AddressKind.Web
            ? ReadWeb(rest, scheme, out endPoint, out path)
            : ReadWithOptions(rest, scheme, out endPoint, out options);
        if (problem is not null)
            return problem;

        Address result = new(scheme, endPoint!, path, options);
        int length = result.ToString().Length;
        if (length > Address.LengthMax)
            return $"it has {length} characters once percent-encoded, more than {Address.LengthMax}; shorten it";
        address = result;
        return null;
    }

    private static string? ReadWithOptions(string rest, AddressScheme scheme, out EndPoint? endPoint, out AddressOptions options)
    {
        int question = rest.IndexOf('?');
        string place = question < 0 ? rest : rest[..question];
        options = AddressOptions.None;
        string? problem;
        if (scheme.IsUnix)
        {
            problem = UnixPath.Read(place, scheme, out UnixDomainSocketEndPoint? unix);
            endPoint = unix;
        }
        else
        {
            problem = ReadAuthority(place, scheme, out endPoint);
        }

        return problem is null && question >= 0 ? AddressOptionTable.Read(rest[(question + 1)..], scheme, out options) : problem;
    }

    private static string? ReadWeb(string rest, AddressScheme scheme, out EndPoint? endPoint, out string path)
    {
        int end = rest.AsSpan().IndexOfAny('/', '?');
        path = "";
        return ReadAuthority(end < 0 ? rest : rest[..end], scheme, out endPoint)
            ?? WebPath.Read(end < 0 ? "" : rest[end..], out path);
    }

    private static string? ReadAuthority(string authority, AddressScheme scheme, out EndPoint? endPoint)
    {
        endPoint = null;
        if (HostText.FullWidthProblem(authority) is { } fullWidth)
            return fullWidth;
        if (authority.Contains('/'))
            return $"{scheme.Name} has no path; remove {Display.Quote(authority[authority.IndexOf('/')..])}";
        if (authority.Contains('@'))
            return $"user names do not belong in an address; remove {Display.Quote(authority[..(authority.LastIndexOf('@') + 1)])}";

        return SplitPort(authority, scheme, out string host, out string? portText)
            ?? ReadPort(host, portText, scheme, out int port)
            ?? HostText.Read(host, port, scheme, out endPoint);
    }

    private static string? SplitPort(string authority, AddressScheme scheme, out string host, out string? port)
    {
        (host, port) = (authority, null);
        int hostEnd = authority.IndexOf(':');
        if (authority.StartsWith('['))
        {
            hostEnd = authority.IndexOf(']') + 1;
            if (hostEnd == 0)
                return "the [ has no ]; write IPv6 as [::1]";
            if (hostEnd == authority.Length)
                return null;
            if (authority[hostEnd] != ':')
                return $"only a port may follow the ]; remove {Display.Quote(authority[hostEnd..])}";
        }
        else if (hostEnd != authority.LastIndexOf(':'))
        {
            return UnbracketedProblem(authority, scheme);
        }

        if (hostEnd >= 0)
            (host, port) = (authority[..hostEnd], authority[(hostEnd + 1)..]);
        return null;
    }

    private static string UnbracketedProblem(string authority, AddressScheme scheme)
    {
        int last = authority.LastIndexOf(':');
        string port = authority[(last + 1)..];
        string literal = authority.Split('%')[0];
        string? proposal = HostText.IsIPv6(authority[..last].Split('%')[0]) && DecimalNumber.TryParse(port, PortMax, out _)
            ? $"[{authority[..last]}]:{port}"
            : HostText.IsIPv6(literal) ? $"[{authority}]:{SuggestedPort}" : null;
        if (proposal is null)
            return $"{Display.Quote(authority)} has more than one colon; write host:port, and IPv6 in brackets as in [::1]:{SuggestedPort}";
        if (scheme.Kind == AddressKind.HostOnly)
            proposal = $"[{authority}]";
        return $"an IPv6 address stands in brackets; try {Display.Shorten($"{scheme.Name}{SchemeEnd}{proposal}")}";
    }

    private static string? ReadPort(string host, string? text, AddressScheme scheme, out int port)
    {
        port = 0;
        switch (scheme.Kind)
        {
            case AddressKind.HostOnly when text is not null:
                return $"{scheme.Name} has no ports; remove {Display.Quote($":{text}")}";
            case AddressKind.HostOnly or AddressKind.Web when host.Length == 0 && text is null:
                return $"it has no host; try {scheme.Name}{SchemeEnd}localhost";
            case AddressKind.HostOnly:
                return null;
            case AddressKind.Web when text is null:
                port = scheme.DefaultPort ?? 0;
                return null;
        }

        if (string.IsNullOrEmpty(text))
        {
            string place = host.Length == 0 ? "localhost" : host;
            return $"it has no port; try {Display.Shorten($"{scheme.Name}{SchemeEnd}{place}:{SuggestedPort}")}";
        }

        if (DecimalNumber.TryParse(text, PortMax, out port))
            return null;
        return DecimalNumber.IsDigits(text) && text[0] != '0'
            ? $"the port {Display.Quote(text)} is out of range; ports are 0 to {PortMax}"
            : $"the port {Display.Quote(text)} is not a decimal number from 0 to {PortMax}; try :{SuggestedPort}";
    }
}
