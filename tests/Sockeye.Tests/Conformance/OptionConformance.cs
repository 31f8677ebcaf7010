using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Conformance;

/// <summary>Options read back what was set, and refuse what does not fit.</summary>
public abstract class OptionConformance(NetworkFixture fixture) : ConformanceTests(fixture)
{
    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public Task Stream_options_are_kept(AddressFamily family) => RunAsync(() =>
    {
        using NetworkSocket socket = Fixture.Server.CreateSocket(family, SocketType.Stream);
        Flag(() => socket.NoDelay, value => socket.NoDelay = value);
        Flag(() => socket.KeepAlive, value => socket.KeepAlive = value);
        Flag(() => socket.ReuseAddress, value => socket.ReuseAddress = value);
        Flag(() => socket.OutOfBandInline, value => socket.OutOfBandInline = value);
        socket.KeepAliveTime = TimeSpan.FromSeconds(90);
        Assert.Equal(TimeSpan.FromSeconds(90), socket.KeepAliveTime);
        socket.KeepAliveTime = TimeSpan.FromSeconds(0.5);
        Assert.Equal(TimeSpan.FromSeconds(1), socket.KeepAliveTime);
        return Task.CompletedTask;
    });

    [Theory]
    [InlineData(AddressFamily.InterNetwork, SocketType.Stream)]
    [InlineData(AddressFamily.InterNetworkV6, SocketType.Stream)]
    [InlineData(AddressFamily.InterNetwork, SocketType.Dgram)]
    [InlineData(AddressFamily.InterNetworkV6, SocketType.Dgram)]
    [InlineData(AddressFamily.Unix, SocketType.Stream)]
    public Task Buffers_have_at_least_the_size_asked_for(AddressFamily family, SocketType type) => RunAsync(() =>
    {
        using NetworkSocket socket = Fixture.Server.CreateSocket(family, type);
        socket.ReceiveBufferSize = 40_000;
        socket.SendBufferSize = 50_000;
        Assert.InRange(socket.ReceiveBufferSize, 40_000, 80_000);
        Assert.InRange(socket.SendBufferSize, 50_000, 100_000);
        return Task.CompletedTask;
    });

    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public Task Datagram_options_are_kept(AddressFamily family) => RunAsync(() =>
    {
        using NetworkSocket socket = Fixture.Server.CreateSocket(family, SocketType.Dgram);
        Flag(() => socket.Broadcast, value => socket.Broadcast = value);
        Flag(() => socket.MulticastLoopback, value => socket.MulticastLoopback = value);
        socket.TimeToLive = 7;
        socket.MulticastTimeToLive = 3;
        Assert.Equal((7, 3), (socket.TimeToLive, socket.MulticastTimeToLive));
        Fails(SocketError.InvalidArgument, () => socket.TimeToLive = 256);
        Assert.Equal(7, socket.TimeToLive);
        return Task.CompletedTask;
    });

    [Fact]
    public Task Dual_mode_is_an_IPv6_matter() => RunAsync(() =>
    {
        using NetworkSocket six = Fixture.Server.CreateSocket(AddressFamily.InterNetworkV6, SocketType.Stream);
        Flag(() => six.DualMode, value => six.DualMode = value);
        using NetworkSocket four = Fixture.Server.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        Assert.False(four.DualMode);
        Assert.Throws<SocketException>(() => four.DualMode = true);
        return Task.CompletedTask;
    });

    [Fact]
    public Task Options_stay_when_a_connection_takes_the_socket() => RunConnectedAsync(StreamKind.Tcp4, (client, _) =>
    {
        NetworkSocket socket = client.Socket!;
        Assert.True(socket.NoDelay);
        socket.KeepAlive = true;
        Assert.True(socket.KeepAlive);
        Assert.NotNull(socket.LocalEndPoint);
        Assert.NotNull(socket.RemoteEndPoint);
        return Task.CompletedTask;
    });

    [Fact]
    public Task NoDelay_can_be_left_to_the_kernel() => RunConnectedAsync(
        StreamKind.Tcp4,
        (client, _) =>
        {
            Assert.False(client.Socket!.NoDelay);
            return Task.CompletedTask;
        },
        new StreamOptions { NoDelay = false });

    [FeatureFact(Feature.RawOptions)]
    public Task Options_can_be_reached_by_name_and_by_number() => RunAsync(() =>
    {
        const int TcpLevel = 6, NoDelay = 1;
        using NetworkSocket socket = Fixture.Server.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        socket.SetOption(SocketOptionLevel.Tcp, SocketOptionName.NoDelay, 1);
        Assert.NotEqual(0, socket.GetOption(SocketOptionLevel.Tcp, SocketOptionName.NoDelay));
        byte[] value = new byte[4];
        Assert.Equal(4, socket.GetOption(TcpLevel, NoDelay, value));
        Assert.NotEqual(0, BitConverter.ToInt32(value));
        socket.SetOption(TcpLevel, NoDelay, BitConverter.GetBytes(0));
        Assert.False(socket.NoDelay);
        SocketException e = Assert.Throws<SocketException>(() => socket.GetOption(TcpLevel, 9999, value));
        Assert.Contains("6/9999", e.Message, StringComparison.Ordinal);
        Assert.Throws<SocketException>(() => socket.SetOption(TcpLevel, 9999, value));
        return Task.CompletedTask;
    });

    [Fact]
    public Task Options_of_another_kind_of_socket_are_refused() => RunAsync(() =>
    {
        using NetworkSocket socket = Fixture.Server.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
        Assert.Throws<SocketException>(() => socket.NoDelay = true);
        Assert.Throws<SocketException>(() => socket.KeepAliveTime = TimeSpan.FromSeconds(1));
        return Task.CompletedTask;
    });

    [FeatureFact(Feature.TcpInfo)]
    public Task The_kernels_view_of_a_connection_can_be_read() => RunAsync(StreamKind.Tcp4, async (client, server) =>
    {
        await client.SendTextAsync("x");
        await server.ReceiveTextAsync();
        TcpInfo info = client.GetTcpInfo();
        Assert.Equal(TcpState.Established, info.State);
        Assert.True(info.SendSegmentMax > 0);
        Assert.True(info.CongestionWindow > 0);
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await server.ReceiveAsync(new byte[1]));
        Assert.Equal(TcpState.CloseWait, server.GetTcpInfo().State);
        Assert.Contains(client.GetTcpInfo().State, new[] { TcpState.FinWait1, TcpState.FinWait2 });
        using NetworkSocket listener = Fixture.Listen(StreamKind.Tcp4);
        Assert.Equal(TcpState.Listen, listener.GetTcpInfo().State);
        using NetworkSocket datagrams = Fixture.Server.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
        Assert.Throws<PlatformNotSupportedException>(() => datagrams.GetTcpInfo());
    });

    [Theory]
    [InlineData("tcp://127.0.0.1:0?sndbuf=32k&rcvbuf=48k&keepalive=77&nodelay=false")]
    [InlineData("tcp://[::1]:0?sndbuf=32k&rcvbuf=48k&keepalive=77&nodelay=false")]
    public Task What_an_address_says_is_set_on_both_sides(string address) => RunAsync(async () =>
    {
        await using Listener listener = await Fixture.Server.ListenAsync(address);
        Task<Connection?> accepting = listener.AcceptAsync().AsTask();
        await using Connection client = await Fixture.Server.ConnectAsync(listener.Address);
        await using Connection? server = await accepting;
        foreach (NetworkSocket socket in new[] { client.Socket!, server!.Socket! })
        {
            Assert.InRange(socket.SendBufferSize, 32 * 1024, 64 * 1024);
            Assert.InRange(socket.ReceiveBufferSize, 48 * 1024, 96 * 1024);
            Assert.True(socket.KeepAlive);
            Assert.Equal(TimeSpan.FromSeconds(77), socket.KeepAliveTime);
            Assert.False(socket.NoDelay);
        }

        client.Abort();
        server.Abort();
    });

    private static void Flag(Func<bool> get, Action<bool> set)
    {
        foreach (bool value in new[] { true, false, true })
        {
            set(value);
            Assert.Equal(value, get());
        }
    }
}
