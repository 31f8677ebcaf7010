using System.Net;
using System.Net.Sockets;
using Sockeye.Tests.Serving;
using Sockeye.Tests.Sockets;

namespace Sockeye.Tests.Connections;

/// <summary>What the conformance suite cannot make happen for certain: two attempts that both connect.</summary>
public class ConnectRaceTests
{
    [Theory]
    [InlineData("tls://127.0.0.1:7")]
    [InlineData("ws://127.0.0.1:7/")]
    [InlineData("tcp://127.0.0.1:7")]
    public async Task A_refusal_names_what_was_asked_for(string address)
    {
        await using MemoryNetwork network = new();
        SocketException e = await Assert.ThrowsAsync<SocketException>(() => network.ConnectAsync(address).AsTask());
        Assert.StartsWith($"cannot connect to {address}: refused", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_winner_is_closed()
    {
        StubbornNetwork network = new();
        Task<Connection> connecting = network.ConnectAsync("tcp://both:80", new ConnectorOptions { AttemptDelay = TimeSpan.Zero }).AsTask();
        StubSocket first = await network.NextAsync(), second = await network.NextAsync();

        second.Readiness.Signal(SocketEvents.Writable);
        await network.CancelledAsync();
        Assert.False(connecting.IsCompleted);
        first.Readiness.Signal(SocketEvents.Writable);

        Connection connection = await connecting.Within();
        Assert.Same(second, connection.Socket);
        Assert.True(first.IsClosed);
        Assert.False(second.IsClosed);
        connection.Abort();
    }

    /// <summary>Its names have two addresses, and its connects go on when they are cancelled.</summary>
    private sealed class StubbornNetwork : Network
    {
        private readonly System.Threading.Channels.Channel<StubSocket> _made = System.Threading.Channels.Channel.CreateUnbounded<StubSocket>();
        private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override string HostName => "stubborn";

        /// <summary>The next socket, as soon as its connect waits.</summary>
        public Task<StubSocket> NextAsync() => _made.Reader.ReadAsync().Within();

        public Task CancelledAsync() => _cancelled.Task.Within();

        public override ValueTask<IPAddress[]> ResolveAsync(
            string host, AddressFamily family = AddressFamily.Unspecified, CancellationToken cancellationToken = default) =>
            new([new IPAddress([192, 0, 2, 1]), new IPAddress([192, 0, 2, 2])]);

        protected override NetworkSocket CreateSocketCore(AddressFamily family, SocketType type, ProtocolType protocol) => new StubbornSocket(this);

        protected override (NetworkSocket First, NetworkSocket Second) CreatePairCore(SocketType type) => throw new NotSupportedException();

        private sealed class StubbornSocket(StubbornNetwork network) : StubSocket(network)
        {
            /// <summary>Connected, and so writable, when the test says so.</summary>
            protected internal override SocketEvents PollCore(SocketEvents events) =>
                Readiness.Epoch(SocketEvents.Writable) == 0 ? SocketEvents.None : events;

            protected internal override ValueTask<bool> WaitCoreAsync(
                SocketEvents events, uint epoch, TimeSpan? timeout, CancellationToken cancellationToken)
            {
                cancellationToken.Register(() => network._cancelled.TrySetResult());
                ValueTask<bool> wait = base.WaitCoreAsync(events, epoch, timeout, CancellationToken.None);
                network._made.Writer.TryWrite(this);
                return wait;
            }
        }
    }
}
