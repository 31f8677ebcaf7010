using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Conformance;

/// <summary>Connecting to a name with several addresses (RFC 8305). <c>localhost</c> is one everywhere: ::1, then 127.0.0.1.</summary>
public abstract class RaceConformance(NetworkFixture fixture) : ConformanceTests(fixture)
{
    [Fact]
    public Task IPv6_goes_first() => RunAsync(async () =>
    {
        await using Listener listener = await Fixture.Server.ListenAsync("tcp://localhost:0");
        await using Connection client = await Fixture.Server.ConnectAsync(listener.Address);
        Assert.Equal(IPAddress.IPv6Loopback, ((IPEndPoint)client.RemoteEndPoint!).Address);
        client.Abort();
    });

    [Fact]
    public Task A_refusal_starts_the_next_attempt_without_delay() => RunAsync(async () =>
    {
        // Only IPv4 listens: the clock stands still, so nothing but the refusal can start the second attempt.
        await using Listener listener = await Fixture.Server.ListenAsync("tcp://127.0.0.1:0");
        await using Connection client = await Fixture.Server.ConnectAsync($"tcp://localhost:{listener.Address.Port}");
        Assert.Equal(IPAddress.Loopback, ((IPEndPoint)client.RemoteEndPoint!).Address);
        client.Abort();
    });

    [FeatureFact(Feature.Silence)]
    public Task Silence_starts_the_next_attempt_after_the_delay_and_its_socket_is_closed() => RunHalfSilentAsync(async address =>
    {
        SocketCounter counter = new();
        Fixture.Server.Observer = counter;
        Task<Connection> connecting = Fixture.Server.ConnectAsync(address, new ConnectorOptions { AttemptDelay = 3 * Second }).AsTask();
        await Fixture.ElapseAsync(2.9 * Second);
        Assert.False(connecting.IsCompleted);
        await Fixture.ElapseAsync(0.1 * Second);
        await using Connection client = await connecting;
        Assert.Equal(IPAddress.Loopback, ((IPEndPoint)client.RemoteEndPoint!).Address);
        Assert.Equal((2, 1), counter.Counts);
        client.Abort();
        Assert.Equal((2, 2), counter.Counts);
    });

    [FeatureFact(Feature.Silence)]
    public Task The_delay_is_a_quarter_of_a_second_unless_told() => RunHalfSilentAsync(async address =>
    {
        Task<Connection> connecting = Fixture.Server.ConnectAsync(address).AsTask();
        await Fixture.ElapseAsync(TimeSpan.FromMilliseconds(240));
        Assert.False(connecting.IsCompleted);
        await Fixture.ElapseAsync(TimeSpan.FromMilliseconds(10));
        await using Connection client = await connecting;
        client.Abort();
    });

    [Fact]
    public Task When_all_refuse_the_error_names_each() => RunAsync(async () =>
    {
        Listener listener = await Fixture.Server.ListenAsync("tcp://localhost:0");
        Address gone = listener.Address;
        await listener.DisposeAsync();
        SocketCounter counter = new();
        Fixture.Server.Observer = counter;
        SocketException e = await FailsAsync(SocketError.ConnectionRefused, async () => await Fixture.Server.ConnectAsync(gone));
        Assert.Contains(gone.ToString(), e.Message, StringComparison.Ordinal);
        Assert.Contains($"[::1]:{gone.Port} (refused)", e.Message, StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1:{gone.Port} (refused)", e.Message, StringComparison.Ordinal);
        Assert.Equal((2, 2), counter.Counts);
    });

    [FeatureTheory(Feature.Silence)]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public Task ConnectTimeout_bounds_the_whole(string address) => RunSilentAsync(address, async silent =>
    {
        SocketCounter counter = new();
        Fixture.Server.Observer = counter;
        Task<Connection> connecting = Fixture.Server.ConnectAsync(silent, new ConnectorOptions { ConnectTimeout = 3 * Second }).AsTask();
        await Fixture.ElapseAsync(2.9 * Second);
        Assert.False(connecting.IsCompleted);
        await Fixture.ElapseAsync(0.1 * Second);
        SocketTimeoutException e = await Assert.ThrowsAsync<SocketTimeoutException>(() => connecting);
        Assert.Contains(silent.ToString(), e.Message, StringComparison.Ordinal);
        Assert.Equal((1, 1), counter.Counts);
    });

    [FeatureTheory(Feature.Silence)]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public Task Cancelling_closes_every_attempt(string address) => RunSilentAsync(address, async silent =>
    {
        SocketCounter counter = new();
        Fixture.Server.Observer = counter;
        using CancellationTokenSource stop = new();
        Task<Connection> connecting = Fixture.Server.ConnectAsync(silent, new ConnectorOptions { ConnectTimeout = 9 * Second }, stop.Token).AsTask();
        Assert.False(connecting.IsCompleted);
        await stop.CancelAsync();
        await CancelledAsync(connecting);
        Assert.Equal((1, 1), counter.Counts);
        await CancelledAsync(async () => await Fixture.Server.ConnectAsync(silent, null, stop.Token));
    });

    [FeatureFact(Feature.Silence)]
    public Task Cancelling_a_race_closes_every_attempt() => RunHalfSilentAsync(async address =>
    {
        SocketCounter counter = new();
        Fixture.Server.Observer = counter;
        using CancellationTokenSource stop = new();
        Task<Connection> connecting = Fixture.Server.ConnectAsync(address, null, stop.Token).AsTask();
        await stop.CancelAsync();
        await CancelledAsync(connecting);
        Assert.Equal((1, 1), counter.Counts);
    });

    private Task RunSilentAsync(string address, Func<Address, Task> scenario) => RunAsync(async () =>
    {
        (IPEndPoint silent, IAsyncDisposable keeper) = await Fixture.OpenSilenceAsync(IPAddress.Parse(address));
        await using (keeper)
            await scenario(Address.FromEndPoint(silent));
    });

    /// <summary>A port of localhost that is silent on ::1, while somebody listens on 127.0.0.1.</summary>
    private Task RunHalfSilentAsync(Func<Address, Task> scenario) => RunAsync(async () =>
    {
        while (true)
        {
            (IPEndPoint silent, IAsyncDisposable keeper) = await Fixture.OpenSilenceAsync(IPAddress.IPv6Loopback);
            await using (keeper)
            {
                NetworkSocket listener = Fixture.Server.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
                await using (listener)
                {
                    try
                    {
                        listener.Bind(new IPEndPoint(IPAddress.Loopback, silent.Port));
                    }
                    catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
                    {
                        // Somebody else has that port on the other loopback: try another.
                        continue;
                    }

                    listener.Listen();
                    await scenario($"tcp://localhost:{silent.Port}");
                    return;
                }
            }
        }
    });

    /// <summary>Counts the sockets that were to connect, and the closed ones.</summary>
    private sealed class SocketCounter : SocketObserver
    {
        private int _attempts;
        private int _closed;

        public (int Attempts, int Closed) Counts => (Volatile.Read(ref _attempts), Volatile.Read(ref _closed));

        public override void Connecting(NetworkSocket socket, EndPoint remote) => Interlocked.Increment(ref _attempts);

        public override void Closed(NetworkSocket socket, bool aborted) => Interlocked.Increment(ref _closed);
    }
}
