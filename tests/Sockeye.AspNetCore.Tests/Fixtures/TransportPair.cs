using Microsoft.AspNetCore.Connections;

namespace Sockeye.AspNetCore.Tests;

/// <summary>A client and the server's side of its connection. The client goes first: the server would wait for it.</summary>
public sealed record TransportPair(NetworkSocket Client, ConnectionContext Server) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync().AsTask().WaitAsync(Hang.Limit);
    }
}
