using System.Net;
using System.Text;
using Sockeye.Tests.Serving;
using Sockeye.Tests.Time;

namespace Sockeye.Tests.Faults;

/// <summary>What becomes of datagrams in a relay, and when.</summary>
public class FaultDatagramTests
{
    [Fact]
    public async Task Each_datagram_is_delayed_on_its_way_there()
    {
        await using Relayed relayed = await Relayed.StartAsync("up: delay=50ms");
        await relayed.SayAsync("a", "b", "c");
        await relayed.Clock.PassUntilAsync(relayed.HeardAsync(3));

        Assert.Equal([(50, "a"), (50, "b"), (50, "c")], relayed.Heard);
        Assert.Equal(3, relayed.Control.Statistics.Delayed);
    }

    [Fact]
    public async Task And_on_its_way_back()
    {
        await using Relayed relayed = await Relayed.StartAsync("down: delay=20ms");
        await relayed.SayAsync("a");
        await relayed.AnswerAsync("b");
        await relayed.Clock.PassUntilAsync(relayed.ToSender.CountIsAsync(1));

        Assert.Equal([(0, "a")], relayed.Heard);
        Assert.Equal([(20, "b")], relayed.ToSender.All);
    }

    [Fact]
    public async Task A_rate_spaces_them()
    {
        await using Relayed relayed = await Relayed.StartAsync("up: rate=8kbit");
        await relayed.SayAsync("0123456789", "abcde", "x");
        await relayed.Clock.PassUntilAsync(relayed.HeardAsync(3));

        Assert.Equal([(10, "0123456789"), (15, "abcde"), (16, "x")], relayed.Heard);
    }

    [Fact]
    public async Task What_would_wait_too_long_for_a_rate_is_lost()
    {
        await using Relayed relayed = await Relayed.StartAsync("up: rate=80bit");
        await relayed.SayAsync("0123456789", "!", "lost");
        await relayed.Clock.PassUntilAsync(relayed.HeardAsync(2));

        Assert.Equal([(1000, "0123456789"), (1100, "!")], relayed.Heard);
        Assert.Equal(1, relayed.Control.Statistics.Overflowed);
    }

    [Fact]
    public async Task Jitter_changes_their_order()
    {
        await using Relayed relayed = await Relayed.StartAsync("up: delay=50ms±50ms");
        await relayed.SayAsync([.. Enumerable.Range(0, 20).Select(number => $"{number:00}")]);
        await relayed.Clock.PassUntilAsync(relayed.HeardAsync(20));

        string[] texts = [.. relayed.Heard.Select(datagram => datagram.Text)];
        Assert.NotEqual(texts.Order(), texts);
        Assert.All(relayed.Heard, datagram => Assert.InRange(datagram.Milliseconds, 0, 100));
    }

    [Fact]
    public async Task What_is_lost_comes_from_the_seed()
    {
        string[] first = await SurvivorsAsync(seed: 7);
        string[] again = await SurvivorsAsync(seed: 7);
        string[] other = await SurvivorsAsync(seed: 8);

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.InRange(first.Length, 20, 80);
    }

    [Fact]
    public async Task One_may_come_twice()
    {
        await using Relayed relayed = await Relayed.StartAsync("up: duplicate=100%");
        await relayed.SayAsync("a", "b");
        await relayed.HeardAsync(4).Within();

        Assert.Equal("aabb", string.Concat(relayed.Heard.Select(datagram => datagram.Text)));
        Assert.Equal(2, relayed.Control.Statistics.Duplicated);
    }

    [Fact]
    public async Task The_next_one_overtakes()
    {
        await using Relayed relayed = await Relayed.StartAsync("up: reorder=100%");
        await relayed.SayAsync("a", "b", "c");
        await relayed.Clock.PassUntilAsync(relayed.HeardAsync(3));

        // Nothing came behind c, and it waits no longer than so long.
        Assert.Equal([(0, "b"), (0, "a"), (DatagramFaultFlow.OvertakenMax.TotalMilliseconds, "c")], relayed.Heard);
        Assert.Equal(2, relayed.Control.Statistics.Reordered);
    }

    [Fact]
    public async Task One_bit_is_turned_over()
    {
        await using Relayed relayed = await Relayed.StartAsync("up: corrupt=100%");
        await relayed.SayAsync("hello");
        await relayed.HeardAsync(1).Within();

        Assert.Equal(1, relayed.Heard[0].Text.Zip("hello").Sum(pair => System.Numerics.BitOperations.PopCount((uint)(pair.First ^ pair.Second))));
    }

    [Fact]
    public async Task More_than_QueueBytesMax_is_lost()
    {
        await using Relayed relayed = await Relayed.StartAsync(new FaultControl(FaultPlan.Parse("up: delay=50ms")) { QueueBytesMax = 10 });
        await relayed.SayAsync("01234", "56789", "lost");
        await relayed.Clock.PassUntilAsync(relayed.HeardAsync(2));

        Assert.Equal([(50, "01234"), (50, "56789")], relayed.Heard);
        Assert.Equal(1, relayed.Control.Statistics.Overflowed);
    }

    [Fact]
    public async Task A_new_plan_is_for_what_comes_next()
    {
        await using Relayed relayed = await Relayed.StartAsync("up: delay=50ms");
        await relayed.SayAsync("a");
        relayed.Control.Plan = FaultPlan.None;
        await relayed.SayAsync("b");
        await relayed.Clock.PassUntilAsync(relayed.HeardAsync(2));

        Assert.Equal([(0, "b"), (50, "a")], relayed.Heard);
    }

    [Fact]
    public async Task A_relay_that_stops_waits_for_no_delay()
    {
        Relayed relayed = await Relayed.StartAsync("up: delay=1h");
        await relayed.SayAsync("a");
        await relayed.DisposeAsync();

        Assert.Empty(relayed.Heard);
    }

    private static async Task<string[]> SurvivorsAsync(int seed)
    {
        await using Relayed relayed = await Relayed.StartAsync(new FaultControl(FaultPlan.Parse("up: drop=50%"), seed: seed));
        await relayed.SayAsync([.. Enumerable.Range(0, 100).Select(number => $"{number}")]);
        relayed.Control.Plan = FaultPlan.None;
        await relayed.SayAsync("last");
        Assert.Equal("last", relayed.Heard[^1].Text);
        return [.. relayed.Heard.Select(datagram => datagram.Text)];
    }

    /// <summary>A sender, the relay, and a target. What counts is when the relay sends.</summary>
    private sealed class Relayed : IAsyncDisposable
    {
        private const int RelayPort = 1000;
        private const int TargetPort = 2000;

        private readonly CancellationTokenSource _stop = new();
        private readonly MemoryNetwork _network;
        private readonly TaskCompletionSource<DatagramSession> _session = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private DatagramSocket _target = null!;
        private DatagramSocket _sender = null!;
        private Task _running = Task.CompletedTask;
        private int _said;

        private Relayed(FaultControl control)
        {
            Control = control;
            (ToTarget, ToSender) = (new WrittenPieces(Clock), new WrittenPieces(Clock));
            _network = new MemoryNetwork(Clock) { Observer = new Sendings(ToTarget, ToSender) };
        }

        public ManualTimeProvider Clock { get; } = new();

        public FaultControl Control { get; }

        public WrittenPieces ToTarget { get; }

        public WrittenPieces ToSender { get; }

        public (double Milliseconds, string Text)[] Heard => ToTarget.All;

        public static Task<Relayed> StartAsync(string plan) => StartAsync(new FaultControl(FaultPlan.Parse(plan), seed: 1));

        public static async Task<Relayed> StartAsync(FaultControl control)
        {
            Relayed relayed = new(control);
            DatagramSocket clients = await relayed._network.OpenDatagramAsync($"udp://127.0.0.1:{RelayPort}");
            relayed._target = await relayed._network.OpenDatagramAsync($"udp://127.0.0.1:{TargetPort}");

            // The clock leaves out what waits for longer than a day, and the sweep of so quiet a relay does.
            DatagramRelayOptions options = new() { Faults = control, IdleTimeout = TimeSpan.FromDays(40), OnOpened = relayed._session.SetResult };
            relayed._running = new DatagramRelay(relayed._network, clients, $"udp://127.0.0.1:{TargetPort}", options).RunAsync(relayed._stop.Token);
            relayed._sender = await relayed._network.ConnectDatagramAsync($"udp://127.0.0.1:{RelayPort}");
            return relayed;
        }

        /// <summary>Sends them, each when the one before has met its faults.</summary>
        public async Task SayAsync(params string[] texts)
        {
            foreach (string text in texts)
            {
                await _sender.SendAsync(Encoding.Latin1.GetBytes(text));
                _said++;
                DatagramSession session = await _session.Task.Within();
                while (session.Up!.Seen < _said)
                    await Task.Yield();
            }
        }

        /// <summary>The target answers what it has heard.</summary>
        public async Task AnswerAsync(string text)
        {
            ReceivedDatagram heard = await _target.ReceiveAsync(new byte[100]).Within();
            await _target.SendAsync(Encoding.Latin1.GetBytes(text), heard.From);
        }

        /// <summary>Ends when so many were sent to the target.</summary>
        public Task HeardAsync(int count) => ToTarget.CountIsAsync(count);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running.Within();
            await _target.DisposeAsync();
            await _sender.DisposeAsync();
        }

        private sealed class Sendings(WrittenPieces toTarget, WrittenPieces toSender) : SocketObserver
        {
            public override void Sent(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote)
            {
                if (socket.RemoteEndPoint is IPEndPoint { Port: TargetPort })
                    toTarget.Sent(socket, data, remote);
                else if (socket.LocalEndPoint is IPEndPoint { Port: RelayPort })
                    toSender.Sent(socket, data, remote);
            }
        }
    }
}
