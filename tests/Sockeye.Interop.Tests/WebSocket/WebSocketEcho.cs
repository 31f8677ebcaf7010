using System.Net.WebSockets;

namespace Sockeye.Interop.Tests.WebSocket;

/// <summary>A server made with the library: messages come back, in two fragments where they are long, and how it ended is kept.</summary>
internal sealed class WebSocketEcho : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<(WebSocketCloseStatus?, string?)> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _found = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _compressed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;

    private WebSocketEcho(Listener listener)
    {
        Address = listener.Address;
        _running = Server.RunAsync(listener, ServeAsync, _stop.Token);
    }

    public Address Address { get; }

    /// <summary>How the last peer closed.</summary>
    public Task<(WebSocketCloseStatus? Status, string? Reason)> Closed => _closed.Task;

    /// <summary>What a page reported.</summary>
    public Task<string> Found => _found.Task;

    public Task<bool> Compressed => _compressed.Task;

    public static async Task<WebSocketEcho> StartAsync(bool deflate) => new(await Network.Host.ListenAsync(
        "ws://127.0.0.1:0/echo", new ListenerOptions { WebSocket = new() { SubProtocols = ["eye"], Deflate = deflate ? new() : null } }));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task ServeAsync(Connection connection, CancellationToken stop)
    {
        WebSocketConnection socket = (WebSocketConnection)connection;
        while (await socket.ReceiveAsync(stop) is { } message)
        {
            _compressed.TrySetResult(socket.IsCompressed);
            if (message.IsText && message.Bytes.Length < 10_000 && message.Text.StartsWith("found ", StringComparison.Ordinal))
            {
                _found.TrySetResult(message.Text);
                continue;
            }

            int cut = message.Bytes.Length / 3;
            if (cut > 0)
                await socket.SendAsync(message.Bytes[..cut], message.Type, endOfMessage: false, stop);
            await socket.SendAsync(message.Bytes[cut..], message.Type, endOfMessage: true, stop);
        }

        _closed.TrySetResult((socket.CloseStatus, socket.CloseReason));
    }
}
