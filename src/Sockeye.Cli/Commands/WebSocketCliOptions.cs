using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net.WebSockets;

namespace Sockeye.Cli.Commands;

/// <summary>The options for WebSockets: of <c>sockeye connect</c>, <c>sockeye listen</c> and <c>sockeye serve</c>.</summary>
internal sealed class WebSocketCliOptions
{
    private readonly Option<bool> _binary = OptionKinds.Flag("--binary", "WebSocket: a stream of bytes, sent as binary messages, instead of a text message for each line");
    private readonly Option<string[]> _subProtocols;
    private readonly Option<string[]> _headers = Texts("--header", "WebSocket: a further header of the handshake, as in 'Authorization: Bearer 123'; may be given several times", "'NAME: VALUE'");
    private readonly Option<string[]> _origins;
    private readonly Option<bool> _compress = OptionKinds.Flag("--compress", "WebSocket: compress messages where the peer agrees (permessage-deflate)");
    private readonly Option<TimeSpan?> _ping;
    private readonly bool _isServer;

    private readonly Option[] _all;

    /// <param name="isServer">Whether it is the server's side.</param>
    /// <param name="hasStreams">Whether a WebSocket can be a stream of bytes.</param>
    public WebSocketCliOptions(bool isServer, bool hasStreams = true)
    {
        _isServer = isServer;
        _origins = Texts("--origin", isServer ? "WebSocket: let in pages of this origin only; may be given several times" : "WebSocket: the Origin header, as a browser sends it", "ORIGIN");
        _subProtocols = Texts("--subprotocol", $"WebSocket: a subprotocol to {(isServer ? "agree to" : "offer")}; may be given several times", "NAME");
        _ping = OptionKinds.Time(
            "--ping",
            $"WebSocket: ping a peer that was silent for so long, as in 30s, and give it up if it stays silent for as long again{(hasStreams ? " (exit code 4)" : "")}",
            TimeSpan.FromMilliseconds(1));
        Option[] all = [_binary, _subProtocols, _headers, _origins, _compress, _ping];
        _all = hasStreams ? all : all[1..];
    }

    public void AddTo(Command command)
    {
        foreach (Option option in _all)
        {
            option.Recursive = true;
            command.Add(option);
        }
    }

    public bool IsBinary(ParseResult parsed) => parsed.GetValue(_binary);

    /// <summary>What the options say, for either side's options of the library.</summary>
    /// <exception cref="UsageException">One is not right, or no address is a WebSocket.</exception>
    public WebSocketOptions Read(ParseResult parsed, params IReadOnlyCollection<Address> addresses)
    {
        if (!addresses.Any(address => address.Scheme is "ws" or "wss") && Array.Find(_all, option => parsed.GetResult(option) is OptionResult { Implicit: false }) is { } given)
            throw new UsageException($"{given.Name} is for WebSockets, and {(addresses.Count == 1 ? $"{addresses.First()} is none" : "no address is one")}: write ws://HOST:PORT/PATH");
        string[] origins = parsed.GetValue(_origins) ?? [];
        Dictionary<string, string> headers = ReadHeaders(parsed.GetValue(_headers) ?? []);
        if (!_isServer && origins.Length > 0 && (origins.Length > 1 || !headers.TryAdd("Origin", origins[0])))
            throw new UsageException("--origin is given twice; a request has one Origin");
        TimeSpan? ping = parsed.GetValue(_ping);
        return new WebSocketOptions
        {
            SubProtocols = TlsFiles.Read(_subProtocols.Name, () => new WebSocketOptions { SubProtocols = parsed.GetValue(_subProtocols) ?? [] }).SubProtocols,
            Headers = TlsFiles.Read(_headers.Name, () => new WebSocketOptions { Headers = headers }).Headers,
            AcceptOrigin = _isServer && origins.Length > 0 ? origin => origin is not null && origins.Contains(origin, StringComparer.OrdinalIgnoreCase) : null,
            Deflate = parsed.GetValue(_compress) ? new WebSocketDeflateOptions() : null,
            KeepAliveInterval = ping,
            KeepAliveTimeout = ping ?? WebSocketOptions.KeepAliveTimeoutDefault,
        };
    }

    private static Option<string[]> Texts(string name, string description, string helpName) => new(name) { Description = description, HelpName = helpName };

    private static Dictionary<string, string> ReadHeaders(string[] texts)
    {
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        foreach (string text in texts)
        {
            string[] halves = text.Split(':', 2, StringSplitOptions.TrimEntries);
            if (halves.Length < 2 || halves[0].Length == 0)
                throw new UsageException($"--header cannot be \"{text}\": a header is 'Name: value'");
            if (!headers.TryAdd(halves[0], halves[1]))
                throw new UsageException($"--header {halves[0]} is given twice; keep one");
        }

        return headers;
    }
}
