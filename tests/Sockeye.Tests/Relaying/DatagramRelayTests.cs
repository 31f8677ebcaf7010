using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sockeye.Tests.Serving;
using Sockeye.Tests.Time;

namespace Sockeye.Tests.Relaying;

/// <summary>Datagrams to a target and back: who is who, and for how long.</summary>
public class DatagramRelayTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(40);

    [Theory]
    [InlineData("udp://127.0.0.1:1000", "udp://127.0.0.1:2000")]
    [InlineData("udp://127.0.0.1:1000", "unix-dgram:///target")]
    [InlineData("unix-dgram:///relay", "udp://[::1]:2000")]
    [InlineData("unix-dgram:///relay", "unix-dgram:///target")]
    [InlineData("udp://localhost:1000", "udp://localhost:2000")]
    public async Task Each_answer_finds_its_sender(string from, string to)
    {
        await using Relayed relayed = await Relayed.StartAsync(from, to);
        DatagramSocket[] senders = [.. await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => relayed.Network.ConnectDatagramAsync(from).AsTask()))];
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < senders.Length; i++)
                await SayAsync(senders[i], $"{round} from {i}");
            for (int i = 0; i < senders.Length; i++)
                Assert.Equal($"{round} FROM {i}", await HearAsync(senders[i]));
        }

        Assert.Equal(senders.Length, relayed.Relay.SessionCount);
        Assert.Equal(senders.Length, relayed.TargetHeard.Distinct().Count());
        foreach (DatagramSocket sender in senders)
            await sender.DisposeAsync();
    }

    [Fact]
    public async Task A_quiet_session_ends_and_the_next_datagram_begins_another()
    {
        ManualTimeProvider clock = new();
        await using Relayed relayed = await Relayed.StartAsync("udp://127.0.0.1:1000", "udp://127.0.0.1:2000", new DatagramRelayOptions { IdleTimeout = Idle }, clock);
        await using DatagramSocket quiet = await relayed.Network.ConnectDatagramAsync("udp://127.0.0.1:1000");
        await using DatagramSocket talking = await relayed.Network.ConnectDatagramAsync("udp://127.0.0.1:1000");
        Assert.Equal("A", await AskAsync(quiet, "a"));
        Assert.Equal("B", await AskAsync(talking, "b"));
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(2, relayed.Relay.SessionCount);
            Assert.Equal("B", await AskAsync(talking, "b"));
            clock.Advance(Idle / 4);
        }

        (DatagramSession session, DatagramSessionEnd end) = await relayed.EndedAsync();
        Assert.Equal((quiet.LocalEndPoints[0], DatagramSessionEnd.Idle), (session.RemoteEndPoint, end));
        Assert.Equal((1, 1, 1, 1), (session.DatagramsReceived, session.BytesReceived, session.DatagramsSent, session.BytesSent));
        Assert.Equal("A", await AskAsync(quiet, "a"));
        Assert.Equal(2, relayed.Relay.SessionCount);
    }

    [Fact]
    public async Task When_the_table_is_full_the_quietest_leaves()
    {
        await using Relayed relayed = await Relayed.StartAsync("udp://127.0.0.1:1000", "udp://127.0.0.1:2000", new DatagramRelayOptions { SessionLimit = 3 });
        DatagramSocket[] senders = [.. await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => relayed.Network.ConnectDatagramAsync("udp://127.0.0.1:1000").AsTask()))];
        foreach (int sender in new[] { 0, 1, 2, 0 })
            await AskAsync(senders[sender], "x");

        await AskAsync(senders[3], "x");

        (DatagramSession session, DatagramSessionEnd end) = await relayed.EndedAsync();
        Assert.Equal((senders[1].LocalEndPoints[0], DatagramSessionEnd.Evicted), (session.RemoteEndPoint, end));
        Assert.Equal(3, relayed.Relay.SessionCount);
        foreach (int sender in new[] { 0, 2, 3 })
            Assert.Equal("Y", await AskAsync(senders[sender], "y"));
    }

    [Fact]
    public async Task A_target_that_refuses_is_told_of_and_the_relay_goes_on()
    {
        await using Relayed relayed = await Relayed.StartAsync("udp://127.0.0.1:1000", "udp://127.0.0.1:2000");
        await using DatagramSocket sender = await relayed.Network.ConnectDatagramAsync("udp://127.0.0.1:1000");
        using (relayed.Network.Conditions.Refuse(new IPEndPoint(IPAddress.Loopback, 2000)))
        {
            await SayAsync(sender, "lost");
            Assert.Equal(SocketError.ConnectionRefused, Assert.IsType<SocketException>(await relayed.ErrorAsync()).SocketErrorCode);
        }

        Assert.Equal("HEARD", await AskAsync(sender, "heard"));
    }

    [Fact]
    public async Task A_Unix_target_that_goes_is_looked_for_again()
    {
        await using Relayed relayed = await Relayed.StartAsync("udp://127.0.0.1:1000", "unix-dgram:///target");
        await using DatagramSocket sender = await relayed.Network.ConnectDatagramAsync("udp://127.0.0.1:1000");
        Assert.Equal("ONE", await AskAsync(sender, "one"));

        await relayed.EndTargetAsync();
        await SayAsync(sender, "two");
        await relayed.ErrorAsync();
        Assert.Equal(DatagramSessionEnd.TargetGone, (await relayed.EndedAsync()).End);

        await relayed.StartTargetAsync();
        Assert.Equal("THREE", await AskAsync(sender, "three"));
    }

    [Fact]
    public async Task A_sender_without_a_name_is_heard_and_cannot_be_answered()
    {
        await using Relayed relayed = await Relayed.StartAsync("unix-dgram:///relay", "udp://127.0.0.1:2000");
        for (int i = 0; i < 2; i++)
        {
            using NetworkSocket unnamed = relayed.Network.CreateSocket(AddressFamily.Unix, SocketType.Dgram);
            await unnamed.ConnectAsync(new UnixDomainSocketEndPoint("/relay"));
            await unnamed.SendAsync("hello"u8.ToArray());
            Assert.Contains("without a name", (await relayed.ErrorAsync()).Message, StringComparison.Ordinal);
        }

        Assert.Equal(1, relayed.Relay.SessionCount);
    }

    [Fact]
    public async Task Empty_and_long_datagrams_stay_what_they_are()
    {
        await using Relayed relayed = await Relayed.StartAsync("udp://127.0.0.1:1000", "udp://127.0.0.1:2000");
        await using DatagramSocket sender = await relayed.Network.ConnectDatagramAsync("udp://127.0.0.1:1000");
        foreach (int length in new[] { 0, 1, DatagramSocket.DatagramMax })
            Assert.Equal(length, (await AskAsync(sender, new string('x', length))).Length);
    }

    [Fact]
    public async Task A_Unix_target_that_does_not_read_is_waited_for_a_second_and_no_longer()
    {
        const int MoreThanFits = 10;
        WatchedClock clock = new();
        await using Relayed relayed = await Relayed.StartAsync("udp://127.0.0.1:1000", "unix-dgram:///target", clock: clock);
        await relayed.EndTargetAsync();
        await using DatagramSocket deaf = await relayed.Network.OpenDatagramAsync("unix-dgram:///target");
        deaf.Socket!.ReceiveBufferSize = 4096;
        await using DatagramSocket sender = await relayed.Network.ConnectDatagramAsync("udp://127.0.0.1:1000");
        for (int i = 0; i < MoreThanFits; i++)
            await SayAsync(sender, new string('x', 2000));

        await clock.StartedAsync(DatagramPassing.QueueTimeout);
        clock.Advance(DatagramPassing.QueueTimeout);

        Assert.Contains("its queue was full", (await relayed.ErrorAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_ends_every_session()
    {
        Relayed relayed = await Relayed.StartAsync("udp://127.0.0.1:1000", "udp://127.0.0.1:2000");
        await using DatagramSocket sender = await relayed.Network.ConnectDatagramAsync("udp://127.0.0.1:1000");
        await AskAsync(sender, "x");

        await relayed.DisposeAsync();

        Assert.Equal(DatagramSessionEnd.Stopped, (await relayed.EndedAsync()).End);
        Assert.Equal(0, relayed.Relay.SessionCount);
        await Assert.ThrowsAsync<InvalidOperationException>(() => relayed.Relay.RunAsync());
    }

    [Fact]
    public async Task Streams_are_no_target()
    {
        MemoryNetwork network = new();
        await using DatagramSocket clients = await network.OpenDatagramAsync("udp://127.0.0.1:1000");
        Assert.Throws<NotSupportedException>(() => new DatagramRelay(network, clients, "tcp://127.0.0.1:2000"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DatagramRelay(network, clients, "udp://127.0.0.1:2000", new DatagramRelayOptions { SessionLimit = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DatagramRelay(network, clients, "udp://127.0.0.1:2000", new DatagramRelayOptions { IdleTimeout = TimeSpan.Zero }));
    }

    private static async Task SayAsync(DatagramSocket socket, string text) => await socket.SendAsync(Encoding.UTF8.GetBytes(text)).AsTask().Within();

    private static async Task<string> HearAsync(DatagramSocket socket)
    {
        ReceivedDatagram received = await socket.ReceiveAsync(new byte[65_536]).Within();
        return Encoding.UTF8.GetString(received.Bytes.Span);
    }

    private static async Task<string> AskAsync(DatagramSocket socket, string text)
    {
        await SayAsync(socket, text);
        return await HearAsync(socket);
    }

    /// <summary>A relay, and a target that answers in capitals.</summary>
    private sealed class Relayed : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly System.Threading.Channels.Channel<(DatagramSession, DatagramSessionEnd)> _ended = System.Threading.Channels.Channel.CreateUnbounded<(DatagramSession, DatagramSessionEnd)>();
        private readonly System.Threading.Channels.Channel<Exception> _errors = System.Threading.Channels.Channel.CreateUnbounded<Exception>();
        private readonly Address _to;
        private CancellationTokenSource _stopTarget = new();
        private Task _target = Task.CompletedTask;
        private Task _run = Task.CompletedTask;

        private Relayed(MemoryNetwork network, DatagramSocket clients, Address to, DatagramRelayOptions options)
        {
            (Network, _to) = (network, to);
            Relay = new DatagramRelay(network, clients, to, options with
            {
                OnEnded = (session, end) => _ended.Writer.TryWrite((session, end)),
                OnError = (_, error) => _errors.Writer.TryWrite(error),
            });
        }

        public MemoryNetwork Network { get; }

        public DatagramRelay Relay { get; }

        public ConcurrentQueue<EndPoint> TargetHeard { get; } = new();

        public static async Task<Relayed> StartAsync(string from, string to, DatagramRelayOptions? options = null, TimeProvider? clock = null)
        {
            MemoryNetwork network = new(clock);
            Relayed relayed = new(network, await network.OpenDatagramAsync(from), to, options ?? new DatagramRelayOptions());
            await relayed.StartTargetAsync();
            relayed._run = relayed.Relay.RunAsync(relayed._stop.Token);
            return relayed;
        }

        public async Task StartTargetAsync()
        {
            _stopTarget = new CancellationTokenSource();
            _target = DatagramServer.RunAsync(await Network.OpenDatagramAsync(_to), AnswerAsync, stop: _stopTarget.Token);
        }

        public async Task EndTargetAsync()
        {
            await _stopTarget.CancelAsync();
            await _target.Within();
        }

        public Task<(DatagramSession Session, DatagramSessionEnd End)> EndedAsync() => _ended.Reader.ReadAsync().Within();

        public Task<Exception> ErrorAsync() => _errors.Reader.ReadAsync().Within();

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _run.Within();
            await EndTargetAsync();
        }

        private ValueTask AnswerAsync(ServedDatagram datagram, CancellationToken stop)
        {
            TargetHeard.Enqueue(datagram.RemoteEndPoint);
            return datagram.ReplyAsync(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(datagram.Bytes.Span).ToUpperInvariant()), stop);
        }
    }
}
