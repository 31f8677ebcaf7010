using System.Buffers;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Sockeye.Tests.Serving;
using Sockeye.Tests.Time;

namespace Sockeye.Tests.Replaying;

/// <summary>Recordings played to peers that answer as the test says, over a network in memory.</summary>
public sealed class ReplayTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new();
    private readonly MemoryNetwork _network = new();
    private Connection _player = null!;
    private Connection _peer = null!;

    public async ValueTask InitializeAsync()
    {
        await using Listener listener = await _network.ListenAsync("tcp://127.0.0.1:80");
        _player = await _network.ConnectAsync(listener.Address);
        _peer = (await listener.AcceptAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        _peer.Abort();
        _player.Abort();
        await _network.DisposeAsync();
    }

    [Fact]
    public async Task A_peer_that_answers_as_recorded_shows_no_difference()
    {
        Task<ReplayResult> run = PlayAsync([">one", "<1", "<st", ">two", "<2nd", ">END", "<END"]);
        await HearAsync("one");
        await SayAsync("1");
        await SayAsync("s");
        Assert.False(_peer.Input.TryRead(out _));
        await SayAsync("t");
        await HearAsync("two");
        await SayAsync("2nd");
        await HearEndAsync();
        await _peer.Output.CompleteAsync();
        ReplayResult result = await run.Within();
        Assert.Null(result.Difference);
        Assert.Equal((6L, 6L), (result.BytesSent, result.BytesReceived));
    }

    [Fact]
    public async Task As_the_server_it_waits_for_the_client()
    {
        Task<ReplayResult> run = PlayAsync([">ask", "<answer", ">END"], asClient: false);
        await SayAsync("ask");
        await HearAsync("answer");
        await _peer.Output.CompleteAsync();
        Assert.Null((await run.Within()).Difference);
    }

    /// <summary>A recorder beside a socket may hear of the end before it hears of the answer that made the client end.</summary>
    [Fact]
    public async Task An_answer_never_waits_for_an_end()
    {
        Task<ReplayResult> run = PlayAsync([">ask", ">END", "<answer", "<END"], asClient: false);
        await SayAsync("ask");
        await HearAsync("answer");
        await HearEndAsync();
        await _peer.Output.CompleteAsync();
        Assert.Null((await run.Within()).Difference);
    }

    [Fact]
    public async Task The_first_other_byte_is_the_difference()
    {
        ReplayDifference difference = await DifferenceAsync([">ask", "<+OK\r\n$5\r\nhello\r\n", "<+MORE\r\n"], "+OK\r\n$5\r\nhallo\r\n", options => options with { Frames = Codecs.Resp() });
        Assert.Equal((ReplayDifferenceKind.Other, 10L, 2L), (difference.Kind, difference.Offset, difference.Frame));
        Assert.Equal(("ello\r\n+MORE\r\n", "allo\r\n"), (Text(difference.Expected), Text(difference.Actual)));
        Assert.Equal("the server said something else after 10 bytes, in its frame 2", difference.Message);
    }

    [Theory]
    [InlineData("a12b", true)]
    [InlineData("a99b", true)]
    [InlineData("a99x", false)]
    [InlineData("x99b", false)]
    public async Task Bytes_that_are_ignored_may_be_any(string answer, bool isSame)
    {
        ReplayResult result = await AnswerAsync([">ask", "<a00b"], answer, options => options with { IgnoredBytes = [(1, 1), (2, 2)] });
        Assert.Equal(isSame, result.Difference is null);
    }

    [Theory]
    [InlineData("id=9\nok", null)]
    [InlineData("id=1234567\nok", null)]
    [InlineData("id=9\nno", ReplayDifferenceKind.Other, 5L, "no", "ok")]
    [InlineData("id=9x\nok", ReplayDifferenceKind.Other, 0L, "id=9x\nok", "id=42\nok")]
    [InlineData("id=9\nok!", ReplayDifferenceKind.More, 7L, "!", "")]
    [InlineData("ID=9\nok", ReplayDifferenceKind.Other, 0L, "ID=9\nok", "id=42\nok")]
    public async Task Text_that_matches_may_be_any_that_matches(string answer, ReplayDifferenceKind? kind, long offset = 0, string came = "", string recorded = "")
    {
        Func<ReplayOptions, ReplayOptions> ignoring = options => options with { IgnoredText = [new Regex("id=[0-9]+", RegexOptions.None, Hang.Limit)] };
        Task<ReplayResult> run = PlayAsync([">ask", "<id=42\nok", "<END"], options: ignoring);
        await HearAsync("ask");
        await _clock.WaitedForAsync().Within();
        Task waitsForEnd = _clock.NextWaitAsync();
        await SayAsync(answer);

        // Before it has taken the answer no time may pass.
        await Task.WhenAny(waitsForEnd, run).Within();
        await _clock.AdvanceUntilAsync(run, TimeSpan.FromMilliseconds(500)).Within();
        ReplayDifference? difference = (await run).Difference;
        if (kind is null)
            Assert.Equal((ReplayDifferenceKind.NotEnded, (long)answer.Length), (difference!.Kind, difference.Offset));
        else
            Assert.Equal((kind, offset, came, recorded), (difference!.Kind, difference.Offset, Text(difference.Actual), Text(difference.Expected)));
    }

    /// <summary>The number may end where the first byte has come, and goes on; the next turn waits for what was recorded behind it.</summary>
    [Fact]
    public async Task Text_that_is_ignored_may_be_cut_anywhere()
    {
        Task<ReplayResult> run = PlayAsync(
            [">ask", "<id=42 at 10:00 or 11\n", ">more", "<id=7", ">last", "<ok", "<END"],
            options: options => options with { IgnoredText = [new Regex("id=[0-9]+", RegexOptions.None, Hang.Limit), new Regex("[0-9]{2}:[0-9]{2}( or [0-9]{2})?", RegexOptions.None, Hang.Limit)] });
        await HearAsync("ask");
        foreach (char part in "id=12345 at 23:59 or 12\n")
            await SayAsync(part.ToString());
        await HearAsync("more");
        await SayAsync("id=");
        await SayAsync("8");
        await HearAsync("last");
        await SayAsync("9ok");
        await _peer.Output.CompleteAsync();
        Assert.Null((await run.Within()).Difference);
    }

    [Fact]
    public async Task What_stands_for_ignored_text_is_bounded()
    {
        ReplayResult result = await AnswerAsync(
            [">ask", "<id=42\n"], "id=" + new string('1', IgnoredText.BytesMax), options => options with { IgnoredText = [new Regex("id=[0-9]+", RegexOptions.None, Hang.Limit)] });
        Assert.Equal(ReplayDifferenceKind.Other, result.Difference?.Kind);
    }

    [Theory]
    [InlineData("xyz", null)]
    [InlineData("xyzw", ReplayDifferenceKind.More)]
    public async Task Lengths_alone_are_compared(string answer, ReplayDifferenceKind? kind)
    {
        ReplayResult result = await AnswerAsync([">ask", "<abc", "<END"], answer, options => options with { Comparison = ReplayComparison.Length });
        Assert.Equal(kind, result.Difference?.Kind);
        Assert.Equal(kind is null ? null : 3, result.Difference?.Offset);
    }

    [Theory]
    [InlineData("longer\n\n", null)]
    [InlineData("1\n2\n3\n", ReplayDifferenceKind.More)]
    public async Task Frames_alone_are_compared(string answer, ReplayDifferenceKind? kind)
    {
        ReplayResult result = await AnswerAsync(
            [">ask", "<one\n", "<two\n", "<END"], answer, options => options with { Comparison = ReplayComparison.Frames, Frames = Codecs.LineBytes() });
        Assert.Equal(kind, result.Difference?.Kind);
        Assert.Equal(kind is null ? null : 3, result.Difference?.Frame);
    }

    [Fact]
    public async Task What_is_no_frame_is_a_difference_and_a_recording_without_frames_our_mistake()
    {
        ReplayOptions frames = new() { Comparison = ReplayComparison.Frames, Frames = Codecs.Resp() };
        Assert.Equal(ReplayDifferenceKind.Other, (await AnswerAsync([">ask", "<+OK\r\n"], "*x\r\n", _ => frames)).Difference?.Kind);
        await Assert.ThrowsAsync<ArgumentException>(() => Replay.RunAsync(_player, Make(["<*x\r\n"]), asClient: true, frames));
        await Assert.ThrowsAsync<ArgumentException>(() => Replay.RunAsync(_player, Make(["<a"]), asClient: true, frames with { Frames = null }));
    }

    [Fact]
    public async Task More_than_was_recorded_is_a_difference()
    {
        ReplayDifference difference = await DifferenceAsync([">ask", "<abc", "<END"], "abcd");
        Assert.Equal((ReplayDifferenceKind.More, 3L, "", "d"), (difference.Kind, difference.Offset, Text(difference.Expected), Text(difference.Actual)));
    }

    [Theory]
    [InlineData("<ab", "<c", ReplayDifferenceKind.Silent)]
    [InlineData("<ab", "<END", ReplayDifferenceKind.NotEnded)]
    public async Task Silence_ends_at_its_timeout(string answer, string rest, ReplayDifferenceKind kind)
    {
        Task<ReplayResult> run = PlayAsync([">ask", answer, ">more", rest], options: options => options with { Timeout = TimeSpan.FromSeconds(3) });
        await HearAsync("ask");
        await SayAsync(answer[1..]);
        await HearAsync("more");
        await _clock.AdvanceUntilAsync(run, TimeSpan.FromMilliseconds(500)).Within();
        ReplayDifference? difference = (await run).Difference;
        Assert.Equal((kind, 2L), (difference!.Kind, difference.Offset));
    }

    [Fact]
    public async Task An_end_that_comes_early_is_a_difference()
    {
        Task<ReplayResult> run = PlayAsync([">ask", "<abc"]);
        await HearAsync("ask");
        await SayAsync("ab");
        await _peer.Output.CompleteAsync();
        ReplayDifference? difference = (await run.Within()).Difference;
        Assert.Equal((ReplayDifferenceKind.Ended, 2L, "c"), (difference!.Kind, difference.Offset, Text(difference.Expected)));
    }

    [Theory]
    [InlineData("<END", true, ReplayDifferenceKind.Reset)]
    [InlineData("<RESET", false, ReplayDifferenceKind.Ended)]
    [InlineData("<RESET", true, null)]
    [InlineData("<END", false, null)]
    public async Task Ends_and_resets_are_told_apart(string recorded, bool resets, ReplayDifferenceKind? kind)
    {
        Task<ReplayResult> run = PlayAsync([">ask", recorded]);
        await HearAsync("ask");
        if (resets)
            _peer.Abort();
        else
            await _peer.Output.CompleteAsync();
        Assert.Equal(kind, (await run.Within()).Difference?.Kind);
    }

    [Fact]
    public async Task A_recorded_reset_is_played()
    {
        Task<ReplayResult> run = PlayAsync([">ask", "<a", ">RESET", "<ignored"]);
        await HearAsync("ask");
        await SayAsync("a");
        Assert.Null((await run.Within()).Difference);
        await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(async () => await _peer.Input.ReadAsync().AsTask().Within());
    }

    /// <summary>Turns are a second apart; ten times as fast, the second comes after 100 ms, however much earlier the answer came.</summary>
    [Fact]
    public async Task Turns_come_at_their_times()
    {
        Task<ReplayResult> run = PlayAsync([">one", "<1", ">two"], options: options => options with { Speed = 10 });
        await HearAsync("one");
        await SayAsync("1");
        _clock.Advance(TimeSpan.FromMilliseconds(199));
        Assert.False(run.IsCompleted);
        Assert.False(_peer.Input.TryRead(out _));
        await _clock.AdvanceUntilAsync(run, TimeSpan.FromMilliseconds(1)).Within();
        await HearAsync("two");
        Assert.Null((await run).Difference);
    }

    /// <summary>Both sides talk at once and neither listens first: whoever only writes would wait for ever.</summary>
    [Fact]
    public async Task Much_in_both_directions_never_stalls()
    {
        string much = new('m', 4 << 20);
        Task<ReplayResult> run = PlayAsync([">" + much, "<" + much, ">END"]);
        await SayAsync(much);
        long heard = 0;
        while (await _peer.Input.ReadAsync().AsTask().Within() is { IsCompleted: false } result)
        {
            heard += result.Buffer.Length;
            _peer.Input.AdvanceTo(result.Buffer.End);
        }

        Assert.Equal((null, much.Length, much.Length, much.Length), ((await run.Within()).Difference, (await run).BytesSent, (await run).BytesReceived, heard));
    }

    [Fact]
    public async Task What_was_not_recorded_whole_is_not_played()
    {
        Segments segments = new();
        Transcript transcript = Assert.Single(Segments.Read([.. segments.Handshake(1, 1), segments.FromServer(2, "a"), segments.FromServer(5, "b")]));
        ArgumentException e = await Assert.ThrowsAsync<ArgumentException>(() => Replay.RunAsync(_player, transcript, asClient: true));
        Assert.Contains("lacks 2 bytes that the server sent after 1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_ends_it()
    {
        using CancellationTokenSource stop = new();
        Task<ReplayResult> run = Replay.RunAsync(_player, Make(["<never"]), asClient: true, new ReplayOptions { TimeProvider = _clock }, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.Within());
    }

    private static Transcript Make(string[] summary)
    {
        TranscriptEvent[] events = [.. summary.Select((text, index) => new TranscriptEvent
        {
            Time = Segments.Start.AddSeconds(index),
            FromClient = text[0] == '>',
            Kind = text[1..] switch { "END" => TranscriptEventKind.End, "RESET" => TranscriptEventKind.Reset, _ => TranscriptEventKind.Data },
            Data = text[1..] is "END" or "RESET" ? default : (ReadOnlyMemory<byte>)Encoding.Latin1.GetBytes(text[1..]),
        })];
        return new Transcript(1, IPEndPoint.Parse("192.0.2.1:40000"), IPEndPoint.Parse("192.0.2.2:80"), events, [], isSideGuessed: false);
    }

    private Task<ReplayResult> PlayAsync(string[] summary, bool asClient = true, Func<ReplayOptions, ReplayOptions>? options = null)
    {
        ReplayOptions usual = new() { TimeProvider = _clock };
        return Replay.RunAsync(_player, Make(summary), asClient, options?.Invoke(usual) ?? usual);
    }

    private async Task<ReplayResult> AnswerAsync(string[] summary, string answer, Func<ReplayOptions, ReplayOptions>? options = null)
    {
        Task<ReplayResult> run = PlayAsync(summary, options: options);
        await HearAsync(summary[0][1..]);
        await SayAsync(answer);
        try
        {
            if (summary[^1] == "<END")
                await _peer.Output.CompleteAsync();
        }
        catch (System.Net.Sockets.SocketException)
        {
            // It has seen a difference, and gone.
        }

        return await run.Within();
    }

    private async Task<ReplayDifference> DifferenceAsync(string[] summary, string answer, Func<ReplayOptions, ReplayOptions>? options = null) =>
        (await AnswerAsync(summary, answer, options)).Difference ?? throw new InvalidOperationException("no difference");

    private async Task SayAsync(string text) => await _peer.Output.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask().Within();

    private async Task HearAsync(string text)
    {
        System.IO.Pipelines.ReadResult result = await _peer.Input.ReadAtLeastAsync(text.Length).AsTask().Within();
        Assert.Equal(text, Encoding.Latin1.GetString(result.Buffer.Slice(0, Math.Min(text.Length, result.Buffer.Length))));
        _peer.Input.AdvanceTo(result.Buffer.GetPosition(text.Length));
    }

    private async Task HearEndAsync() => Assert.True((await _peer.Input.ReadAsync().AsTask().Within()) is { IsCompleted: true, Buffer.IsEmpty: true });

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.Latin1.GetString(bytes.Span);
}
