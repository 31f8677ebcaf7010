using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;

namespace Sockeye.Cli.Tests.Hubs;

/// <summary>What the page does over its WebSocket, with the cookie of one browser.</summary>
internal sealed class PagePerson : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly Channel<JsonElement> _events = Channel.CreateUnbounded<JsonElement>();
    private Task _reading = Task.CompletedTask;

    /// <summary>The room's number.</summary>
    public long Room { get; private set; }

    /// <summary>Comes in by the page's door and takes a name; <paramref name="browser"/> is who it was before.</summary>
    public static async Task<PagePerson> EnterAsync(Uri page, CookieContainer browser, string name)
    {
        if (browser.Count == 0)
        {
            using HttpClientHandler handler = new() { CookieContainer = browser };
            using HttpClient http = new(handler);
            await http.GetStringAsync(page);
        }

        PagePerson person = new();
        person._socket.Options.Cookies = browser;
        person._socket.Options.SetRequestHeader("Origin", page.GetLeftPart(UriPartial.Authority));
        await person._socket.ConnectAsync(new UriBuilder(page) { Scheme = "ws", Path = "/ws" }.Uri, CancellationToken.None);
        person._reading = person.ReadAsync();
        await person.SendAsync(new { type = "name", name });
        JsonElement joined = await person.FindAsync("joined");
        person.Room = joined.GetProperty("room").GetProperty("conversation").GetProperty("id").GetInt64();
        return person;
    }

    public Task SayAsync(string key, string text) => SendAsync(new { type = "say", room = "lobby", text, key });

    /// <summary>The next thing that the page is told of this type; what else is told before is left out.</summary>
    public async Task<JsonElement> FindAsync(string type)
    {
        while (await NextAsync() is { } told)
        {
            if (told.GetProperty("type").GetString() == type)
                return told;
        }

        throw new InvalidOperationException($"The hub ended before '{type}'.");
    }

    /// <summary>The next thing that the page is told; null: the connection has ended.</summary>
    public async Task<JsonElement?> NextAsync()
    {
        using CancellationTokenSource patience = new(Lines.Patience);
        return await _events.Reader.WaitToReadAsync(patience.Token) && _events.Reader.TryRead(out JsonElement told) ? told : null;
    }

    /// <summary>All that was said in the room, oldest first.</summary>
    public async Task<List<(long Number, string Text)>> ReadAllAsync()
    {
        List<(long Number, string Text)> all = [];
        bool hasMore = true;
        while (hasMore)
        {
            await SendAsync(new { type = "history", conversation = Room, after = all.Count == 0 ? 0 : all[^1].Number, count = 200 });
            JsonElement page = await FindAsync("history");
            hasMore = page.GetProperty("more").GetBoolean();
            foreach (JsonElement message in page.GetProperty("messages").EnumerateArray())
                all.Add((message.GetProperty("number").GetInt64(), message.GetProperty("text").GetString()!));
        }

        return all;
    }

    public void Dispose() => _socket.Dispose();

    private async Task SendAsync(object command) =>
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(command), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[1024 * 1024];
        try
        {
            int length = 0;
            while (await _socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None) is { MessageType: WebSocketMessageType.Text } part)
            {
                length += part.Count;
                if (!part.EndOfMessage)
                    continue;
                Take(JsonDocument.Parse(buffer.AsMemory(0, length)).RootElement.Clone());
                length = 0;
            }
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Killed hubs reset their connections.
        }

        _events.Writer.Complete();
    }

    /// <summary>One event, or several as an array.</summary>
    private void Take(JsonElement message)
    {
        if (message.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement told in message.EnumerateArray())
                _events.Writer.TryWrite(told);
        }
        else
        {
            _events.Writer.TryWrite(message);
        }
    }
}
