using System.Buffers;
using System.Text;

namespace Sockeye;

/// <summary>The client's side of the opening handshake: RFC 6455, section 4.1. Pure: a request out, an answer in.</summary>
/// <param name="address">Whom it asks.</param>
/// <param name="options">What the client was told.</param>
/// <param name="random">Fills the key.</param>
internal sealed class WebSocketClientHandshake(Address address, WebSocketOptions options, Action<Span<byte>> random)
{
    private readonly string _key = WebSocketKey.Create(random);

    private string Target => address.Path.Length > 0 ? address.Path : "/";

    public void WriteRequest(IBufferWriter<byte> output)
    {
        StringBuilder request = new($"GET {Target} HTTP/1.1\r\n");
        Add("Host", Host());
        Add("Upgrade", "websocket");
        Add("Connection", "Upgrade");
        Add("Sec-WebSocket-Key", _key);
        Add("Sec-WebSocket-Version", "13");
        if (options.SubProtocols.Count > 0)
            Add("Sec-WebSocket-Protocol", string.Join(", ", options.SubProtocols));
        if (options.Deflate is { } deflate)
            Add("Sec-WebSocket-Extensions", DeflateNegotiation.Offer(deflate));
        foreach ((string name, string value) in options.Headers)
            Add(name, value);
        output.Write(Encoding.Latin1.GetBytes(request.Append("\r\n").ToString()));

        void Add(string name, string value) => request.Append(name).Append(": ").Append(value).Append("\r\n");
    }

    /// <exception cref="ProtocolException">The server does not switch, or not to what was asked for.</exception>
    public WebSocketAgreement Check(HttpHead response)
    {
        string[] line = response.StartLine.Split(' ', 3);
        if (line.Length < 2 || line[0] is not ("HTTP/1.1" or "HTTP/1.0") || line[1].Length != 3 || !line[1].All(char.IsAsciiDigit))
            throw Problem($"answered {Display.Quote(response.StartLine)}, which is no HTTP");
        if (line[1] != "101")
            throw Problem($"answered {Display.Shorten(string.Join(' ', line[1..]))} instead of switching to WebSocket; {Advice(line[1])}");
        if (!response.Lists("Upgrade", "websocket") || !response.Lists("Connection", "Upgrade"))
            throw Problem("switched to another protocol than WebSocket (RFC 6455, 4.1)");
        if (response["Sec-WebSocket-Accept"] != WebSocketKey.Accept(_key))
            throw Problem("gave a wrong Sec-WebSocket-Accept: it has not read this handshake (RFC 6455, 4.1)");
        if (response["Sec-WebSocket-Protocol"] is { } subProtocol && !options.SubProtocols.Contains(subProtocol))
            throw Problem($"chose the subprotocol {Display.Quote(subProtocol)}, which was not asked for (RFC 6455, 4.1)");
        return new WebSocketAgreement(response["Sec-WebSocket-Protocol"], CheckExtensions(response["Sec-WebSocket-Extensions"]), Target, response.Headers);
    }

    /// <summary>What the server says is not HTTP: what it looks like.</summary>
    public ProtocolException DescribeOther(in ReadOnlySequence<byte> input)
    {
        byte[] start = input.Slice(0, Math.Min(input.Length, 40)).ToArray();
        if (start is [0x15 or 0x16, 0x03, ..])
            return Problem("speaks TLS; connect with wss://");
        string what = ProtocolGuess.Of(start) is { Protocol: not "text" } guess ? $"{guess.Description}, {ProtocolGuess.Preview(start)}" : $"{Display.Quote(Encoding.Latin1.GetString(start))}, which is no HTTP";
        return Problem($"answered {what}: no WebSocket server is there");
    }

    /// <summary>The server ended before it had answered.</summary>
    public ProtocolException EndedEarly() => Problem($"ended the connection within the WebSocket handshake{(address.IsTls ? "" : "; if TLS is spoken there, connect with wss://")}");

    public ProtocolException Problem(string what) => new($"{address} {what}.");

    private static string Advice(string status) => status switch
    {
        "404" => "check the path",
        "401" or "403" => "it wants credentials, or does not let this origin in",
        ['3', ..] => "follow its Location yourself, if you trust it",
        _ => "check that a WebSocket server is there",
    };

    private string Host()
    {
        string host = address.Host.Contains(':', StringComparison.Ordinal) ? $"[{address.Host}]" : address.Host;
        bool isDefault = address.Port == (address.IsTls ? 443 : 80);
        return isDefault ? host : $"{host}:{address.Port}";
    }

    private DeflateParameters? CheckExtensions(string? header)
    {
        if (header is null)
            return null;
        return options.Deflate is { } deflate && WebSocketExtension.Parse(header) is [{ } only] && DeflateNegotiation.Check(only, deflate) is { } parameters
            ? parameters
            : throw Problem($"chose the extensions {Display.Quote(header)}, which were not offered like that (RFC 6455, 4.1, RFC 7692, 7.1)");
    }
}
