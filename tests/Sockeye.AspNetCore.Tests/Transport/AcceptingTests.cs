using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sockeye.Tests.Time;

namespace Sockeye.AspNetCore.Tests.Transport;

/// <summary>What Kestrel's one accept loop is given: it ends at an exception, and knows no shards.</summary>
public sealed class AcceptingTests
{
    private readonly ManualTimeProvider _clock = new();

    [Theory]
    [InlineData(SocketError.TooManyOpenSockets)]
    [InlineData(SocketError.NoBufferSpaceAvailable)]
    public async Task A_shortage_pauses_accepting_and_does_not_end_it(SocketError shortage)
    {
        await using MemoryNetwork network = new(_clock);
        await using Listener inner = await network.ListenAsync("tcp://127.0.0.1:80");
        NetworkConnectionListener listener = Open(new FailingListener(inner, shortage));
        Task<ConnectionContext?> accepting = listener.AcceptAsync().AsTask();
        await using Connection client = await network.ConnectAsync("tcp://127.0.0.1:80");

        // The pause is a timer of the network's.
        Assert.Equal(1, _clock.TimerCount);
        Assert.False(accepting.IsCompleted);
        _clock.Advance(new SockeyeTransportOptions().AcceptBackoff);
        await using (ConnectionContext? accepted = await accepting.WaitAsync(Hang.Limit))
            Assert.NotNull(accepted);
    }

    [Fact]
    public async Task Another_failure_is_told()
    {
        await using MemoryNetwork network = new(_clock);
        await using Listener inner = await network.ListenAsync("tcp://127.0.0.1:80");
        NetworkConnectionListener listener = Open(new FailingListener(inner, SocketError.AccessDenied));

        await Assert.ThrowsAsync<SocketException>(async () => await listener.AcceptAsync());
    }

    [Fact]
    public async Task Every_shard_is_accepted_from_and_what_nobody_took_is_reset()
    {
        await using MemoryNetwork network = new(_clock);
        await using ShardedListener sharded = new(await network.ListenAsync("tcp://127.0.0.1:81"), await network.ListenAsync("tcp://127.0.0.1:82"));
        NetworkConnectionListener listener = Open(sharded);
        HashSet<int> ports = [];
        for (int port = 81; port <= 82; port++)
        {
            await using Connection client = await network.ConnectAsync($"tcp://127.0.0.1:{port}");
            await using ConnectionContext? accepted = await listener.AcceptAsync().AsTask().WaitAsync(Hang.Limit);
            ports.Add(((IPEndPoint)accepted!.LocalEndPoint!).Port);
        }

        Assert.Equal([81, 82], ports.Order());
        await using Connection left = await network.ConnectAsync("tcp://127.0.0.1:81");
        await listener.UnbindAsync();
        Task disposing = listener.DisposeAsync().AsTask();
        SocketException reset = await Assert.ThrowsAsync<SocketException>(async () => await left.Input.ReadAsync().AsTask().WaitAsync(Hang.Limit));
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        await disposing.WaitAsync(Hang.Limit);
        Assert.Null(await listener.AcceptAsync());
    }

    [Fact]
    public void Options_that_contradict_each_other_are_refused()
    {
        SockeyeTransportOptions options = new() { ReadAheadMax = StreamOptions.InputBufferMaxDefault };

        Assert.Throws<ArgumentException>(() => new NetworkListenerFactory(Network.Host, Options.Create(options), NullLoggerFactory.Instance));
        Assert.Throws<ArgumentOutOfRangeException>(() => options.ReadAheadMax = 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => options.AcceptBackoff = TimeSpan.Zero);
    }

    [Fact]
    public async Task What_is_no_end_point_of_sockets_is_left_to_others()
    {
        NetworkListenerFactory transport = new(Network.Host, Options.Create(new SockeyeTransportOptions()), NullLoggerFactory.Instance);

        Assert.False(transport.CanBind(new FileHandleEndPoint(3, FileHandleType.Tcp)));
        await Assert.ThrowsAsync<NotSupportedException>(async () => await transport.BindAsync(new NamedPipeEndPoint("pipe")));
    }

    private static NetworkConnectionListener Open(Listener listener) =>
        new(listener, new SockeyeTransportOptions(), new ConnectionIds(listener.TimeProvider), pools: null, NullLogger.Instance);

    /// <summary>Fails once.</summary>
    private sealed class FailingListener(Listener inner, SocketError error) : Listener
    {
        private bool _hasFailed;

        public override Address Address => inner.Address;

        public override IReadOnlyList<EndPoint> LocalEndPoints => inner.LocalEndPoints;

        public override TimeProvider TimeProvider => inner.TimeProvider;

        public override ValueTask<Connection?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            if (_hasFailed)
                return inner.AcceptAsync(cancellationToken);
            _hasFailed = true;
            throw new SocketException((int)error);
        }

        public override ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class ShardedListener(params Listener[] shards) : Listener
    {
        public override Address Address => shards[0].Address;

        public override IReadOnlyList<EndPoint> LocalEndPoints => shards[0].LocalEndPoints;

        public override IReadOnlyList<Listener> Shards => shards;

        public override TimeProvider TimeProvider => shards[0].TimeProvider;

        public override ValueTask<Connection?> AcceptAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public override async ValueTask DisposeAsync()
        {
            foreach (Listener shard in shards)
                await shard.DisposeAsync();
        }
    }
}
