using System.Buffers;
using System.Text;

namespace Sockeye;

/// <summary>The server's side of the opening handshake: RFC 6455, section 4.2. Pure: a request in, an answer out.</summary>
/// <param name="options">What the listener was told.</param>
/// <param name="target">The path to answer at, with its query; null or <c>/</c> for any.</param>
internal sealed class WebSocketServerHandshake(WebSocketOptions options, string? target)
{
    private const string UpgradeHeaders = "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";

    /// <summary>What is wrong with bytes that begin no request; null if they may.</summary>
    public static string? DescribeOther(in ReadOnlySequence<byte> input)
    {
        Span<byte> start = stackalloc byte[(int)Math.Min(input.Length, 4)];
        input.Slice(0, start.Length).CopyTo(start);
        if (start.StartsWith("\x16\x03"u8))
            return "sent a TLS client hello where WebSocket without TLS is spoken; connect with ws://, or listen with wss://";
        if (start.SequenceEqual("PRI "u8))
            return "speaks HTTP/2, and WebSocket needs HTTP/1.1 here";
        if (start.SequenceEqual("SSH-"u8))
            return "speaks SSH, not WebSocket";
        foreach (byte letter in start)
        {
            if (!char.IsAsciiLetter((char)letter) && letter != ' ')
                return $"sent {Display.Quote(Encoding.Latin1.GetString(start))}, which begins no HTTP request, and so no WebSocket handshake";
        }

        return null;
    }

    /// <summary>Answers a request: what was agreed on, or the refusal that was written.</summary>
    public (WebSocketAgreement? Agreement, WebSocketRefusal? Refusal) Answer(HttpHead request, IBufferWriter<byte> output)
    {
        if (Check(request) is { } refusal)
        {
            refusal.Write(output);
            return (null, refusal);
        }

        string? subProtocol = options.SubProtocols.FirstOrDefault(request.Elements("Sec-WebSocket-Protocol").Contains);
        DeflateParameters? deflate = null;
        StringBuilder answer = new("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n");
        Add("Sec-WebSocket-Accept", WebSocketKey.Accept(request["Sec-WebSocket-Key"]!));
        if (subProtocol is not null)
            Add("Sec-WebSocket-Protocol", subProtocol);
        if (options.Deflate is { } wanted && request["Sec-WebSocket-Extensions"] is { } header && WebSocketExtension.Parse(header) is { } offers
            && DeflateNegotiation.Accept(offers, wanted) is { } accepted)
        {
            deflate = accepted.Parameters;
            Add("Sec-WebSocket-Extensions", accepted.Answer);
        }

        foreach ((string name, string value) in options.Headers)
            Add(name, value);
        output.Write(Encoding.Latin1.GetBytes(answer.Append("\r\n").ToString()));
        return (new WebSocketAgreement(subProtocol, deflate, request.StartLine.Split(' ')[1], request.Headers), null);

        void Add(string name, string value) => answer.Append(name).Append(": ").Append(value).Append("\r\n");
    }

    private WebSocketRefusal? Check(HttpHead request)
    {
        string[] line = request.StartLine.Split(' ');
        if (line is not [_, ['/', ..] or "*", "HTTP/1.1" or "HTTP/1.0"])
            return new("400 Bad Request", $"{Display.Quote(request.StartLine)} is no HTTP/1.1 request line with a path.");
        if (!Matches(line[1]))
            return new("404 Not Found", $"Nothing is at {Display.Quote(line[1])}; the WebSocket is at {target}.");
        if (!request.Lists("Upgrade", "websocket"))
            return new("426 Upgrade Required", "This is a WebSocket server: connect with a WebSocket client.") { Headers = UpgradeHeaders };
        if (line is not ["GET", _, "HTTP/1.1"])
            return new("400 Bad Request", "A WebSocket handshake is a GET request of HTTP/1.1 (RFC 6455, 4.1).");
        if (!request.Lists("Connection", "Upgrade"))
            return new("400 Bad Request", "A WebSocket handshake needs the header \"Connection: Upgrade\" (RFC 6455, 4.2.1).");
        if (string.IsNullOrEmpty(request["Host"]))
            return new("400 Bad Request", "A WebSocket handshake needs a Host header (RFC 6455, 4.2.1).");
        if (!WebSocketKey.IsValid(request["Sec-WebSocket-Key"]))
            return new("400 Bad Request", "A WebSocket handshake needs one Sec-WebSocket-Key of 16 bytes in Base64 (RFC 6455, 4.2.1).");
        if (request["Sec-WebSocket-Version"] != "13")
            return new("426 Upgrade Required", "This server speaks version 13 of the WebSocket protocol (RFC 6455, 4.4).") { Headers = UpgradeHeaders };
        if (request.Headers.ContainsKey("Content-Length") || request.Headers.ContainsKey("Transfer-Encoding"))
            return new("400 Bad Request", "A WebSocket handshake has no body.");
        return options.AcceptOrigin is { } accept && !accept(request["Origin"])
            ? new("403 Forbidden", $"Pages of the origin {Display.Quote(request["Origin"] ?? "(none)")} may not connect here (RFC 6455, 10.2).")
            : null;
    }

    private bool Matches(string requested)
    {
        if (target is null or "" or "/")
            return true;
        int query = requested.IndexOf('?', StringComparison.Ordinal);
        return requested == target || (query >= 0 && requested[..query] == target);
    }
}
