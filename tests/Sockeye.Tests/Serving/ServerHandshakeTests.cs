namespace Sockeye.Tests.Serving;

/// <summary>A server shakes hands before its handler, and waits neither for ever nor for one peer after the other.</summary>
public class ServerHandshakeTests
{
    private const int SilentPeers = 100;

    [Fact]
    public async Task Silent_peers_keep_nobody_waiting_and_are_aborted_after_HandshakeTimeout()
    {
        WatchedClock clock = new();
        using TlsCertificate certificate = TlsCertificate.CreateSelfSigned(["localhost"], clock);
        await using HostNetwork network = new(clock);
        Listener listener = await network.ListenAsync("tls://127.0.0.1:0", new ListenerOptions
        {
            Tls = new TlsServerOptions { Certificate = certificate },
            HandshakeTimeout = Timeout.InfiniteTimeSpan,
        });
        await using RunningServer server = new(listener, RunningServer.EchoAsync);
        List<Connection> silent = [];
        for (int i = 0; i < SilentPeers; i++)
            silent.Add(await Network.Host.ConnectAsync($"tcp://127.0.0.1:{listener.Address.Port}"));

        Connection client = await network.ConnectAsync(listener.Address, new ConnectorOptions { Tls = new TlsClientOptions { Pins = [certificate.Fingerprint] } }).Within();
        Assert.Equal("hello", await client.AskAsync("hello"));

        await clock.StartedAsync(TimeSpan.FromSeconds(2.5));
        for (int i = 0; i < SilentPeers; i++)
        {
            // A connection that is counted may still have to look at the clock: its time begins then.
            Task<(EndReason, Exception?)> ending = server.EndedAsync();
            while (!ending.IsCompleted)
            {
                clock.Advance(TimeSpan.FromSeconds(2.5));
                await Task.Yield();
            }

            (EndReason reason, Exception? error) = await ending;
            Assert.Equal(EndReason.HandshakeFailed, reason);
            Assert.IsType<TimeoutException>(error);
        }

        Assert.Equal(SilentPeers, server.Statistics.HandshakeFailures);
        Assert.Equal("still here", await client.AskAsync("still here"));
        client.Abort();
        foreach (Connection peer in silent)
            peer.Abort();
    }

    [Fact]
    public async Task A_peer_that_speaks_no_TLS_never_reaches_the_handler()
    {
        using TlsCertificate certificate = TlsCertificate.CreateSelfSigned();
        bool served = false;
        Listener listener = await Network.Host.ListenAsync("tls://127.0.0.1:0", new ListenerOptions { Tls = new TlsServerOptions { Certificate = certificate } });
        await using RunningServer server = new(listener, (_, _) =>
        {
            served = true;
            return Task.CompletedTask;
        });
        await using Connection plain = await Network.Host.ConnectAsync($"tcp://127.0.0.1:{listener.Address.Port}");
        await plain.WriteLineAsync("hello?");
        Assert.True(await plain.EndsInOrderAsync());
        await plain.Output.CompleteAsync();
        (EndReason reason, Exception? error) = await server.EndedAsync();
        Assert.Equal(EndReason.HandshakeFailed, reason);
        Assert.Equal(TlsFailure.NotTls, Assert.IsType<TlsException>(error).Failure);
        Assert.False(served);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task HandshakeTimeout_is_at_least_a_millisecond(int milliseconds)
    {
        await using Listener listener = await Network.Host.ListenAsync("tcp://127.0.0.1:0");
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new Server(listener, RunningServer.EchoAsync, new ServerOptions { HandshakeTimeout = TimeSpan.FromMilliseconds(milliseconds) }));
    }
}
