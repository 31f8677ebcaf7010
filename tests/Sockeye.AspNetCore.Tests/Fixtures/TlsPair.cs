using Microsoft.AspNetCore.Connections;

namespace Sockeye.AspNetCore.Tests;

/// <summary>A client and the server's side of its connection, which ends when it returns.</summary>
/// <param name="Client">Speaks TLS.</param>
/// <param name="Below">What the client speaks it over.</param>
/// <param name="Server">As Kestrel gives it to the application.</param>
/// <param name="Returned">Set, the application returns.</param>
public sealed record TlsPair(Connection Client, Connection Below, ConnectionContext Server, TaskCompletionSource Returned) : IAsyncDisposable
{
    /// <summary>The application returns, and Kestrel closes the connection.</summary>
    public void Return() => Returned.TrySetResult();

    public ValueTask DisposeAsync()
    {
        // Kestrel's end may wait for the client's.
        Client.Abort();
        Return();
        return Client.DisposeAsync();
    }
}
