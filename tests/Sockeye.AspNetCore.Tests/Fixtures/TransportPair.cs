using Microsoft.AspNetCore.Connections;

namespace Sockeye.AspNetCore.Tests;

/// <summary>A client and the server's side of its connection. The client goes first: the server would wait for it.</summary>
public sealed record TransportPair(NetworkSocket Client, ConnectionContext Server) : IAsyncDisposable
{
    /// <summary>Theirs alone; null where the test has one.</summary>
    public IConnectionListener? Listener { get; init; }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync().AsTask().WaitAsync(Hang.Limit);
        if (Listener is not null)
            await Listener.DisposeAsync();
    }
}
