using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Sockeye.Hub.Tests.Gateways.Web;

/// <summary>A page without a browser: a WebSocket with a browser's headers.</summary>
internal sealed class WebPage : IDisposable
{
    private readonly Queue<JsonElement> _events = [];
    private readonly SocketsHttpHandler _handler;
    private readonly HttpMessageInvoker _invoker;

    private WebPage(ClientWebSocket socket, SocketsHttpHandler handler, HttpMessageInvoker invoker) => (Socket, _handler, _invoker) = (socket, handler, invoker);

    public ClientWebSocket Socket { get; }

    /// <summary>How many messages came; an array of events is one.</summary>
    public int Messages { get; private set; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static string NewCookie() => Convert.ToHexStringLower(Guid.NewGuid().ToByteArray());

    /// <param name="page">Where the page is.</param>
    /// <param name="cookie">The browser's; null: a new one.</param>
    /// <param name="origin">Whose script opens it; null: the page's own; empty: none.</param>
    /// <param name="configure">What else of the connection is to be set.</param>
    public static async Task<WebPage> OpenAsync(Uri page, string? cookie = null, string? origin = null, Action<SocketsHttpHandler>? configure = null)
    {
        SocketsHttpHandler handler = new() { UseCookies = false, UseProxy = false };
        configure?.Invoke(handler);
        HttpMessageInvoker invoker = new(handler);
        ClientWebSocket socket = new();
        origin ??= page.GetLeftPart(UriPartial.Authority);
        if (origin.Length > 0)
            socket.Options.SetRequestHeader("Origin", origin);
        socket.Options.SetRequestHeader("Cookie", $"sockeye={cookie ?? NewCookie()}");
        socket.Options.CollectHttpResponseDetails = true;
        WebPage opened = new(socket, handler, invoker);
        try
        {
            await socket.ConnectAsync(new UriBuilder(page) { Scheme = page.Scheme == "https" ? "wss" : "ws", Path = "/ws" }.Uri, invoker, Cancelled);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>What a connection that is refused is told.</summary>
    public static async Task<HttpStatusCode> RefusedAsync(Uri page, string? origin)
    {
        using ClientWebSocket socket = new();
        socket.Options.Proxy = null;
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin);
        socket.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new UriBuilder(page) { Scheme = "ws", Path = "/ws" }.Uri, Cancelled));
        return socket.HttpStatusCode;
    }

    /// <summary>A page of somebody who has said a name.</summary>
    public static async Task<WebPage> OpenAsAsync(Uri page, string name, string? cookie = null, Action<SocketsHttpHandler>? configure = null)
    {
        WebPage opened = await OpenAsync(page, cookie, configure: configure);
        await opened.SendAsync(new { type = "name", name });
        await opened.NextAsync("named");
        await opened.NextAsync("joined");
        return opened;
    }

    public Task SendAsync(object command) => SendAsync(JsonSerializer.SerializeToUtf8Bytes(command));

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public Task SendAsync(byte[] bytes, WebSocketMessageType type = WebSocketMessageType.Text, bool isEnd = true) =>
        Socket.SendAsync(bytes, type, isEnd, Cancelled);

    /// <summary>The next event; fails at the end.</summary>
    public async Task<JsonElement> NextAsync()
    {
        while (_events.Count == 0)
        {
            JsonElement message = await ReceiveAsync() ?? throw new InvalidOperationException($"The hub closed: {Socket.CloseStatus} {Socket.CloseStatusDescription}");
            if (message.ValueKind != JsonValueKind.Array)
                _events.Enqueue(message);
            else
                foreach (JsonElement one in message.EnumerateArray())
                    _events.Enqueue(one);
        }

        return _events.Dequeue();
    }

    /// <summary>The next event of a type that is like that; others are passed over.</summary>
    public async Task<JsonElement> NextAsync(string type, Func<JsonElement, bool>? isIt = null)
    {
        while (true)
        {
            JsonElement next = await NextAsync();
            if (next.GetProperty("type").GetString() == type && isIt?.Invoke(next) != false)
                return next;
        }
    }

    /// <summary>Reads to the end: how the hub closed.</summary>
    public async Task<WebSocketCloseStatus?> ReadToEndAsync()
    {
        while (await ReceiveAsync() is not null)
        {
        }

        return Socket.CloseStatus;
    }

    public void Dispose()
    {
        Socket.Dispose();
        _invoker.Dispose();
        _handler.Dispose();
    }

    private async Task<JsonElement?> ReceiveAsync()
    {
        using MemoryStream whole = new();
        byte[] buffer = new byte[16 * 1024];
        while (true)
        {
            WebSocketReceiveResult received = await Socket.ReceiveAsync(buffer, Cancelled).WaitAsync(Hang.Limit);
            if (received.MessageType == WebSocketMessageType.Close)
                return null;
            whole.Write(buffer, 0, received.Count);
            if (!received.EndOfMessage)
                continue;
            Messages++;
            return JsonSerializer.Deserialize<JsonElement>(whole.ToArray());
        }
    }
}
