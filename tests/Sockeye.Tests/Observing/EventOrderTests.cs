using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Sockeye.Tests.Replaying;
using Sockeye.Tests.Serving;
using Sockeye.Tests.Time;

namespace Sockeye.Tests.Observing;

/// <summary>A send is told of when its call returns, and by then the answer may have been told of. Here it always has: recorders still put the question first.</summary>
public sealed class EventOrderTests : IDisposable
{
    private static readonly string[] QuestionAndAnswer = ["Sent 0 question", "Received 0 answer"];

    private readonly ManualTimeProvider _clock = new();
    private readonly HeldSends _held = new();
    private readonly NetworkSocket _socket;
    private readonly NetworkSocket _peer;

    public EventOrderTests() => (_socket, _peer) = Network.Host.CreatePair();

    public void Dispose()
    {
        _socket.Dispose();
        _peer.Dispose();
        _held.Dispose();
    }

    [Fact]
    public async Task A_question_is_recorded_before_its_answer_though_told_after()
    {
        await using OrderedEvents recorder = new(_clock);
        MemoryRecorder memory = new(timeProvider: _clock);
        _socket.Observer = SocketObserver.Combine(_held, recorder, memory);
        Task sending = await AskAsync();
        _clock.Advance(TimeSpan.FromSeconds(1));
        Answer("answer");
        Assert.Single(memory.Events, happened => happened.Kind == SocketEventKind.Received);
        _held.Release();
        await sending.Within();

        Assert.Equal(QuestionAndAnswer, await recorder.AllAsync());
        Assert.Equal(QuestionAndAnswer, memory.Events.Select(OrderedEvents.Format));
        Assert.Equal([0, 1], memory.Events.Select(happened => (happened.Time - DateTimeOffset.UnixEpoch).TotalSeconds));
        Assert.Equal([0, 1], recorder.Times.Select(time => (time - DateTimeOffset.UnixEpoch).TotalSeconds));
    }

    [Fact]
    public async Task Our_end_is_recorded_before_the_peers_though_told_after()
    {
        await using OrderedEvents recorder = new(_clock);
        _socket.Observer = SocketObserver.Combine(_held, recorder);
        Task ending = OnThread(() => _socket.Shutdown(SocketShutdown.Send));
        await _held.HeldAsync();
        Assert.Equal(0, _peer.Receive(new byte[1]));
        _peer.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, _socket.Receive(new byte[1]));
        _held.Release();
        await ending.Within();
        Assert.Equal(["HalfClosed", "HalfClosed by peer"], await recorder.AllAsync());
    }

    [Fact]
    public async Task A_call_that_does_not_return_is_waited_for_so_long_and_recorded_when_it_does()
    {
        await using OrderedEvents recorder = new(_clock);
        _socket.Observer = SocketObserver.Combine(_held, recorder);
        Task sending = await AskAsync();
        Answer("one");
        Task<string[]> all = recorder.AllAsync();
        _clock.Advance(SocketRecorder.CallTimeMax - TimeSpan.FromTicks(1));
        Assert.False(all.IsCompleted);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(["Received 0 one"], await all.Within());
        Answer("two");
        Assert.Equal(["Received 0 one", "Received 3 two"], await recorder.AllAsync().Within());

        _held.Release();
        await sending.Within();
        Assert.Equal(["Received 0 one", "Received 3 two", "Sent 0 question"], await recorder.AllAsync());
        Assert.Equal(recorder.Times.Order(), recorder.Times);
        Assert.Equal(0, recorder.Dropped);
    }

    [Fact]
    public async Task A_queue_that_fills_waits_less()
    {
        await using OrderedEvents recorder = new(_clock, new RecorderOptions { QueuedEventsMax = 4 });
        _socket.Observer = SocketObserver.Combine(_held, recorder);
        Task sending = await AskAsync();
        Answer("1");
        _clock.Advance(SocketRecorder.CrowdedCallTimeMax);
        Assert.Empty(recorder.Now);
        Answer("2");
        Assert.Equal(["Received 0 1", "Received 1 2"], await recorder.AllAsync().Within());
        _held.Release();
        await sending.Within();
        Assert.Equal("Sent 0 question", (await recorder.AllAsync())[^1]);
        Assert.Equal(0, recorder.Dropped);
    }

    [Fact]
    public async Task Disposing_waits_for_what_is_being_sent()
    {
        OrderedEvents recorder = new(_clock);
        _socket.Observer = SocketObserver.Combine(_held, recorder);
        Task sending = await AskAsync();
        Answer("answer");
        Task disposed = recorder.DisposeAsync().AsTask();
        Assert.False(disposed.IsCompleted);
        _held.Release();
        await Task.WhenAll(sending, disposed).Within();
        Assert.Equal(QuestionAndAnswer, recorder.Now);
    }

    /// <summary>Whatever a call came to, what follows it is recorded: nothing is sent, it throws, the observer changes meanwhile.</summary>
    [Fact]
    public async Task A_call_that_comes_to_nothing_holds_nothing_up()
    {
        await using OrderedEvents recorder = new(_clock);
        _socket.Observer = recorder;
        byte[] much = new byte[64 * 1024];
        SocketError error;
        do
            error = _socket.TrySend(much, out _);
        while (error == SocketError.Success);
        Assert.Equal(SocketError.WouldBlock, error);
        using SafeFileHandle closed = new(-1, ownsHandle: false);
        Assert.ThrowsAny<Exception>(() => _socket.SendDescriptors("x"u8, [closed]));
        Answer("answer");
        Assert.Equal("Received 0 answer", (await recorder.AllAsync().Within())[^1]);
    }

    [Fact]
    public async Task An_observer_that_is_taken_away_hears_the_end_of_what_it_saw_begin()
    {
        await using OrderedEvents recorder = new(_clock);
        _socket.Observer = SocketObserver.Combine(_held, recorder);
        Task sending = await AskAsync();
        _socket.Observer = null;
        _held.Release();
        await sending.Within();
        Answer("unheard");
        Assert.Equal(["Sent 0 question"], await recorder.AllAsync().Within());
    }

    /// <summary>A replay waits for what was said before: an answer before its question it would wait for until its timeout.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_recording_made_under_load_can_be_replayed(bool asClient)
    {
        using MemoryStream file = new();
        await using (MemoryNetwork network = new())
        await using (PcapngRecorder recorder = new(file))
        {
            await using Listener listener = await network.ListenAsync("tcp://127.0.0.1:80");
            using NetworkSocket socket = network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
            socket.Observer = SocketObserver.Combine(_held, recorder);
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, 80));
            await using Connection server = (await listener.AcceptAsync())!;
            Task sending = OnThread(() => socket.Send("question"u8));
            await _held.HeldAsync();
            await server.WriteAsync("answer"u8.ToArray());
            Assert.Equal(6, await socket.ReceiveAsync(new byte[6]));
            _held.Release();
            await sending.Within();
        }

        Transcript transcript = Assert.Single(Segments.Read([.. await PacketsAsync(file)]));
        Assert.Equal([">question", "<answer"], Segments.Summary(transcript)[..2]);
        await using MemoryNetwork replayed = new();
        await using Listener peers = await replayed.ListenAsync("tcp://127.0.0.1:80");
        await using Connection player = await replayed.ConnectAsync(peers.Address);
        await using Connection peer = (await peers.AcceptAsync())!;
        Task<ReplayResult> run = Replay.RunAsync(player, transcript, asClient, new ReplayOptions { TimeProvider = _clock });
        string[] turns = ["question", "answer"];
        foreach ((int index, string turn) in turns.Index())
        {
            if ((index == 0) == asClient)
                Assert.Equal(turn, Encoding.ASCII.GetString((await peer.Input.ReadAtLeastAsync(turn.Length).AsTask().Within()).Buffer.FirstSpan));
            else
                await peer.WriteAsync(Encoding.ASCII.GetBytes(turn));
        }

        await peer.Output.CompleteAsync();
        ReplayResult result = await run.Within();
        Assert.Null(result.Difference);
        Assert.Equal(TimeSpan.Zero, result.Elapsed);
    }

    /// <summary>Sends on another thread, and returns when the network has taken it and nobody was told.</summary>
    private async Task<Task> AskAsync()
    {
        Task sending = OnThread(() => _socket.Send("question"u8));
        await _held.HeldAsync();
        byte[] question = new byte[8];
        Assert.Equal(8, _peer.Receive(question));
        return sending;
    }

    private void Answer(string text)
    {
        _peer.SendAll(Encoding.ASCII.GetBytes(text));
        Assert.Equal(text.Length, _socket.Receive(new byte[text.Length]));
    }

    /// <summary>Not on the pool's threads: they may all be waiting.</summary>
    private static Task OnThread(Action act) => Task.Factory.StartNew(act, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static async Task<List<PcapPacket>> PacketsAsync(MemoryStream file)
    {
        file.Position = 0;
        return await PcapReader.ReadAsync(System.IO.Pipelines.PipeReader.Create(file)).ToListAsync();
    }
}
