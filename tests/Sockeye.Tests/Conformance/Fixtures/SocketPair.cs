namespace Sockeye.Tests.Conformance;

/// <summary>Two sockets that know each other.</summary>
public sealed record SocketPair(NetworkSocket Client, NetworkSocket Server) : IAsyncDisposable
{
    /// <summary>Sends from the client until nothing fits any more: the next send waits.</summary>
    /// <returns>The bytes sent, <see cref="Payload.Of"/> that many.</returns>
    public int Fill()
    {
        byte[] payload = Payload.Of(64 * 1024);
        int total = 0;
        while (true)
        {
            // The pattern goes on where the last send stopped.
            int at = total % Payload.Period;
            if (Client.TrySend(payload.AsSpan(at), out int count) != System.Net.Sockets.SocketError.Success)
                return total;
            total += count;
        }
    }

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        Server.Dispose();
        return ValueTask.CompletedTask;
    }
}
