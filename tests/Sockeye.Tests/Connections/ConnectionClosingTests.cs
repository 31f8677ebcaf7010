using Sockeye.Tests.Serving;

namespace Sockeye.Tests.Connections;

public class ConnectionClosingTests
{
    [Fact]
    public void A_close_that_waits_for_ever_is_none()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new StreamOptions { LingerTimeout = Timeout.InfiniteTimeSpan });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConnectorOptions { LingerTimeout = TimeSpan.MaxValue });
        Assert.Equal(TimeSpan.Zero, new ListenerOptions { LingerTimeout = TimeSpan.Zero }.LingerTimeout);
    }

    [Fact]
    public async Task A_failing_registration_on_Closed_keeps_nobody_waiting_for_the_close()
    {
        (NetworkSocket first, NetworkSocket second) = Network.Host.CreatePair();
        second.Dispose();
        await using Connection connection = Network.Host.CreateConnection(first);
        connection.Closed.Register(() => throw new InvalidOperationException("A registration fails."));

        await Assert.ThrowsAsync<AggregateException>(async () => await connection.DisposeAsync());
        await connection.DisposeAsync().AsTask().Within();
        Assert.True(first.IsClosed);
    }

    [Fact]
    public async Task Closing_the_socket_below_and_then_the_connection_fires_Closed()
    {
        (NetworkSocket first, NetworkSocket second) = Network.Host.CreatePair();
        using NetworkSocket peer = second;
        Connection connection = Network.Host.CreateConnection(first);
        CancellationToken closed = connection.Closed;
        first.Dispose();
        await connection.DisposeAsync();
        Assert.True(closed.IsCancellationRequested);
    }

    [Fact]
    public async Task The_peer_is_known_after_the_end_if_it_was_asked_for_before()
    {
        await using Listener listener = await Network.Host.ListenAsync("tcp://127.0.0.1:0");
        Connection client = await Network.Host.ConnectAsync(listener.Address);
        Connection server = (await listener.AcceptAsync())!;
        Assert.Equal(client.LocalEndPoint, server.RemoteEndPoint);
        string name = $"{server.RemoteEndPoint}";
        server.Abort();
        client.Abort();
        Assert.Equal(name, $"{server.RemoteEndPoint}");
    }
}
