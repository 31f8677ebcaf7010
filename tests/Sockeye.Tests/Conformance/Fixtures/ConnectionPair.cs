namespace Sockeye.Tests.Conformance;

/// <summary>Two connections that face each other.</summary>
public sealed record ConnectionPair(Connection Client, Connection Server) : IAsyncDisposable
{
    public ValueTask DisposeAsync()
    {
        // Not in order: a test that failed half-way must not wait for the other side.
        Client.Abort();
        Server.Abort();
        return ValueTask.CompletedTask;
    }
}
