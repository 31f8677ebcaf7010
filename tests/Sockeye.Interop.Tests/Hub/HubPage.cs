using System.Net;
using System.Net.WebSockets;
using System.Text.Json;

namespace Sockeye.Interop.Tests.Hub;

/// <summary>What the page does, without a browser: one WebSocket of .NET's own, which can be closed and opened again as a page is reloaded.</summary>
/// <param name="hub">Where the page is.</param>
/// <param name="before">A page of the same browser; null: it is here for the first time.</param>
internal sealed class HubPage(Address hub, HubPage? before = null) : IAsyncDisposable
{
    /// <summary>A browser's: they outlive the page and the hub.</summary>
    private readonly CookieContainer _cookies = before?._cookies ?? new CookieContainer();
    private readonly Lock _lock = new();
    private readonly List<JsonElement> _events = [];
    private TaskCompletionSource _changed = New();
    private ClientWebSocket? _socket;
    private Task _reading = Task.CompletedTask;
    private long _lobby;

    /// <summary>Comes in for the first time, into the lobby.</summary>
    public Task EnterAsync(string name) => OpenAsync(new { type = "name", name });

    /// <summary>Comes in again, known by its cookie.</summary>
    public Task ReturnAsync() => OpenAsync(new { type = "return" });

    /// <summary>Closes the page.</summary>
    public async Task CloseAsync()
    {
        if (_socket is not { } socket)
            return;
        _socket = null;
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).WaitAsync(Hang.Limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _reading.WaitAsync(Hang.Limit);
        socket.Dispose();
    }

    /// <summary>Says something in the lobby; when this returns, it is kept.</summary>
    public async Task SayAsync(string text)
    {
        await SendAsync(new { type = "say", room = "lobby", text, key = text });
        await FindAsync(each => TypeOf(each) == "accepted" && each.GetProperty("key").GetString() == text);
    }

    /// <summary>Waits until somebody is heard saying this.</summary>
    public Task HearsAsync(string text) => FindAsync(each => TypeOf(each) == "message" && each.GetProperty("text").GetString() == text);

    /// <summary>All that was said in the lobby: number, author, text.</summary>
    public async Task<(long Number, string Said)[]> HistoryAsync()
    {
        string tag = $"{Guid.NewGuid()}";
        await SendAsync(new { type = "history", conversation = _lobby, count = 200, tag });
        JsonElement history = await FindAsync(each => TypeOf(each) == "history" && each.GetProperty("tag").GetString() == tag);
        return
        [
            .. history.GetProperty("messages").EnumerateArray().Select(message =>
                (message.GetProperty("number").GetInt64(), $"{message.GetProperty("author").GetProperty("name").GetString()}: {message.GetProperty("text").GetString()}")),
        ];
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    private async Task OpenAsync(object first)
    {
        lock (_lock)
            _events.Clear();
        _socket = new ClientWebSocket();
        _socket.Options.Cookies = _cookies;
        _socket.Options.SetRequestHeader("Origin", $"http://{hub.Host}:{hub.Port}");
        using CancellationTokenSource patience = new(Hang.Limit);
        await _socket.ConnectAsync(new Uri($"ws://{hub.Host}:{hub.Port}/ws"), patience.Token);
        _reading = ReadAsync(_socket);
        await SendAsync(first);
        JsonElement joined = await FindAsync(each => TypeOf(each) == "joined");
        _lobby = joined.GetProperty("room").GetProperty("conversation").GetProperty("id").GetInt64();
    }

    private Task SendAsync(object message) =>
        _socket!.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).WaitAsync(Hang.Limit);

    private async Task ReadAsync(ClientWebSocket socket)
    {
        byte[] buffer = new byte[64 * 1024];
        int length = 0;
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None) is { MessageType: WebSocketMessageType.Text } part)
            {
                length += part.Count;
                if (!part.EndOfMessage)
                    continue;
                Add(JsonDocument.Parse(buffer.AsMemory(0, length)).RootElement.Clone()); // one object, or several in a list
                length = 0;
            }
        }
        catch (WebSocketException)
        {
            // The hub was killed.
        }
    }

    private void Add(JsonElement message)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _events.AddRange(message.ValueKind == JsonValueKind.Array ? message.EnumerateArray() : [message]);
            (changed, _changed) = (_changed, New());
        }

        changed.SetResult();
    }

    private async Task<JsonElement> FindAsync(Predicate<JsonElement> wanted)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_events.FindIndex(wanted) is >= 0 and int found)
                    return _events[found];
                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(Hang.Limit);
            }
            catch (TimeoutException e)
            {
                throw new InvalidOperationException($"The page was told only:\n{string.Join('\n', _events)}", e);
            }
        }
    }

    private static string? TypeOf(JsonElement message) => message.GetProperty("type").GetString();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
