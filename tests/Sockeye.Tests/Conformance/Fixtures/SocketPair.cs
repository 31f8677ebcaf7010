using System.Net.Sockets;

namespace Sockeye.Tests.Conformance;

/// <summary>Two sockets that know each other.</summary>
public sealed record SocketPair(NetworkSocket Client, NetworkSocket Server) : IAsyncDisposable
{
    /// <summary>Sends from the client what fits now, going on with the pattern after <paramref name="before"/> bytes.</summary>
    public int Fill(int before)
    {
        byte[] payload = Payload.Of(64 * 1024);
        int total = 0;
        while (Client.TrySend(payload.AsSpan((before + total) % Payload.Period), out int count) == SocketError.Success)
            total += count;
        return total;
    }

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        Server.Dispose();
        return ValueTask.CompletedTask;
    }
}
