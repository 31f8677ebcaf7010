using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Sockeye.AspNetCore.Tests;

/// <summary>Tests over one network; each has a network of its own.</summary>
public abstract class NetworkTests(NetworkFixture fixture) : IAsyncLifetime
{
    /// <summary>The bytes of a test: what they are tells where they were.</summary>
    protected static byte[] Pattern(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
            bytes[i] = (byte)((i * 31) + (i >> 8));
        return bytes;
    }

    protected NetworkFixture Fixture => fixture;

    protected Network Network => fixture.Network;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return fixture.DisposeAsync();
    }

    /// <summary>Waits for what must come; only a hang takes that long.</summary>
    protected static Task WithinAsync(Task task) => task.WaitAsync(Hang.Limit);

    /// <inheritdoc cref="WithinAsync(Task)"/>
    protected static Task<T> WithinAsync<T>(Task<T> task) => task.WaitAsync(Hang.Limit);

    /// <inheritdoc cref="WithinAsync(Task)"/>
    protected static Task<T> WithinAsync<T>(ValueTask<T> task) => task.AsTask().WaitAsync(Hang.Limit);

    /// <inheritdoc cref="WithinAsync(Task)"/>
    protected static Task WithinAsync(ValueTask task) => task.AsTask().WaitAsync(Hang.Limit);

    protected ValueTask<IConnectionListener> BindAsync(Action<SockeyeTransportOptions>? configure = null) =>
        fixture.CreateTransport(configure).BindAsync(new IPEndPoint(IPAddress.Loopback, 0));

    protected async Task<NetworkSocket> ConnectAsync(EndPoint endPoint)
    {
        NetworkSocket client = Network.CreateSocket(endPoint.AddressFamily, SocketType.Stream);
        await WithinAsync(client.ConnectAsync(endPoint));
        return client;
    }

    /// <summary>A client and the server's side of its connection, to a listener of their own.</summary>
    protected async Task<TransportPair> PairAsync()
    {
        IConnectionListener listener = await BindAsync();
        return await PairAsync(listener) with { Listener = listener };
    }

    /// <summary>A client and the server's side of its connection.</summary>
    protected async Task<TransportPair> PairAsync(IConnectionListener listener)
    {
        NetworkSocket client = await ConnectAsync(listener.EndPoint);
        ConnectionContext server = (await WithinAsync(listener.AcceptAsync()))!;
        return new TransportPair(client, server);
    }

    /// <summary>Waits for a token to fire.</summary>
    protected static async Task FiresAsync(CancellationToken token)
    {
        TaskCompletionSource fired = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (token.Register(fired.SetResult))
            await WithinAsync(fired.Task);
    }
}
