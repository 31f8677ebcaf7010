using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using static Sockeye.Tests.Framing.Decoding;

namespace Sockeye.Tests.Framing;

public class FrameReaderTests
{
    private readonly Pipe _pipe = new(new PipeOptions(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));

    private FrameReader<string> Lines => field ??= new(_pipe.Reader, Codecs.Lines());

    [Fact]
    public async Task Frames_that_arrived_together_are_given_out_without_another_read()
    {
        await Send("one\ntwo\nthree\n");
        Assert.Equal("one", (await Lines.ReadAsync()).Frame);
        await _pipe.Writer.CompleteAsync(new IOException("a further read would throw this"));
        Assert.Equal("two", (await Lines.ReadAsync()).Frame);
        Assert.Equal("three", (await Lines.ReadAsync()).Frame);
        await Assert.ThrowsAsync<IOException>(async () => await Lines.ReadAsync());
    }

    [Fact]
    public async Task A_read_waits_for_the_rest_of_a_frame()
    {
        await Send("o");
        ValueTask<FrameResult<string>> read = Lines.ReadAsync();
        foreach (string piece in new[] { "n", "e", "\r" })
        {
            await Send(piece);
            Assert.False(read.IsCompleted);
        }

        await Send("\n");
        Assert.Equal("one", (await read).Frame);
    }

    [Fact]
    public async Task A_frame_that_drips_in_is_looked_at_once_for_each_arrival()
    {
        CountingCodec codec = new();
        FrameReader<string> reader = new(_pipe.Reader, codec);
        ValueTask<FrameResult<string>> read = reader.ReadAsync();
        for (int i = 0; i < 1000; i++)
            await Send("x");
        await Send("\n");
        Assert.Equal(1000, (await read).Frame.Length);
        Assert.Equal(Enumerable.Range(0, 1001).Select(i => (long)i), codec.Searched);
    }

    /// <summary>Between two reads the pipe may be another's, who takes bytes off it.</summary>
    [Fact]
    public async Task A_new_read_takes_nothing_for_searched()
    {
        using CancellationTokenSource cancel = new();
        CountingCodec codec = new();
        FrameReader<string> reader = new(_pipe.Reader, codec);
        await Send("on");
        ValueTask<FrameResult<string>> read = reader.ReadAsync(cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await read);
        await Send("e\ntwo\nth");
        Assert.Equal("one", (await reader.ReadAsync()).Frame);
        Assert.Equal("two", (await reader.ReadAsync()).Frame);
        read = reader.ReadAsync();
        await Send("ree\n");
        Assert.Equal("three", (await read).Frame);
        Assert.Equal([0, 0, 0, 0, 2], codec.Searched);
    }

    [Fact]
    public async Task The_fill_of_an_idle_line_is_consumed_while_the_read_waits()
    {
        FrameReader<ReadOnlySequence<byte>> reader = new(_pipe.Reader, Codecs.Slip(10));
        ValueTask<FrameResult<ReadOnlySequence<byte>>> read = reader.ReadAsync();
        for (int i = 0; i < 100; i++)
        {
            ValueTask<FlushResult> flush = _pipe.Writer.WriteAsync(Latin1(new string('\xC0', 1000)));
            Assert.True(flush.IsCompletedSuccessfully, "nothing is kept that would make the writer wait");
            await flush;
        }

        await Send("hi\xC0\xC0");
        Assert.Equal("hi", Text((await read).Frame));
        await _pipe.Writer.CompleteAsync();
        Assert.True((await reader.ReadAsync()).IsEnd);
    }

    [Fact]
    public async Task A_frame_larger_than_the_pipes_pause_threshold_gets_through()
    {
        FrameReader<ReadOnlySequence<byte>> reader = new(_pipe.Reader, Codecs.LengthPrefixed());
        byte[] content = new byte[1_000_000];
        content.AsSpan().Fill(7);
        Task writing = Write();
        ReadOnlySequence<byte> frame = (await reader.ReadAsync()).Frame;
        Assert.True(frame.ToArray().AsSpan().SequenceEqual(content));
        await writing;

        async Task Write()
        {
            foreach (byte[] chunk in Encode(Codecs.LengthPrefixed(), new ReadOnlySequence<byte>(content)).Chunk(10_000))
                await _pipe.Writer.WriteAsync(chunk);
        }
    }

    [Fact]
    public async Task The_stream_ends_after_the_last_line_even_without_a_line_end()
    {
        await Send("one\nrest");
        await _pipe.Writer.CompleteAsync();
        Assert.Equal("one", (await Lines.ReadAsync()).Frame);
        Assert.Equal("rest", (await Lines.ReadAsync()).Frame);
        for (int i = 0; i < 2; i++)
        {
            FrameResult<string> end = await Lines.ReadAsync();
            Assert.True(end.IsEnd);
            Assert.False(end.TryGetFrame(out _));
            Assert.Throws<InvalidOperationException>(() => end.Frame);
        }

        ReadResult result = await _pipe.Reader.ReadAsync();
        Assert.True(result is { IsCompleted: true, Buffer.IsEmpty: true });
    }

    [Fact]
    public async Task An_end_within_a_frame_is_the_peers_fault_as_often_as_it_is_read()
    {
        FrameReader<ReadOnlySequence<byte>> reader = new(_pipe.Reader, Codecs.LengthPrefixed(1));
        await Send("\x02hi\x03no");
        await _pipe.Writer.CompleteAsync();
        Assert.Equal("hi", Text((await reader.ReadAsync()).Frame));
        for (int i = 0; i < 2; i++)
            await Assert.ThrowsAsync<ProtocolException>(async () => await reader.ReadAsync());
        Assert.Equal("\x03no", await Rest());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_malformed_frame_is_not_skipped_and_leaves_the_pipe_readable(bool dripping)
    {
        await Send("one\n");
        Assert.Equal("one", (await Lines.ReadAsync()).Frame);
        ValueTask<FrameResult<string>> read = Lines.ReadAsync();
        if (dripping)
            await Send("exam");         // examined in vain: the pipe must not be asked to forget that
        await Send((dripping ? "ined" : "examined") + "\xFF\ntwo\n");
        await Assert.ThrowsAsync<ProtocolException>(async () => await read);
        await Assert.ThrowsAsync<ProtocolException>(async () => await Lines.ReadAsync());
        Assert.Equal("examined\xFF\ntwo\n", await Rest());
    }

    [Fact]
    public async Task What_the_pipe_throws_passes_through()
    {
        IOException reset = new("reset");
        ValueTask<FrameResult<string>> read = Lines.ReadAsync();
        await _pipe.Writer.CompleteAsync(reset);
        Assert.Same(reset, await Assert.ThrowsAsync<IOException>(async () => await read));
        Assert.Same(reset, await Assert.ThrowsAsync<IOException>(async () => await All()));
    }

    [Fact]
    public async Task A_cancelled_read_loses_nothing()
    {
        using CancellationTokenSource cancel = new();
        await Send("par");
        ValueTask<FrameResult<string>> read = Lines.ReadAsync(cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await read);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Lines.ReadAsync(cancel.Token));
        await Send("tial\nnext\n");
        Assert.Equal("partial", (await Lines.ReadAsync()).Frame);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Lines.ReadAsync(cancel.Token));
        Assert.Equal("next\n", await Rest());
    }

    [Fact]
    public async Task A_pending_read_that_is_cancelled_throws_once_the_frames_are_out()
    {
        await Send("one\npart");
        _pipe.Reader.CancelPendingRead();
        Assert.Equal("one", (await Lines.ReadAsync()).Frame);
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await Lines.ReadAsync());
        ValueTask<FrameResult<string>> read = Lines.ReadAsync();
        Assert.False(read.IsCompleted);
        _pipe.Reader.CancelPendingRead();
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await read);
        await Send("ial\n");
        Assert.Equal("partial", (await Lines.ReadAsync()).Frame);
    }

    [Fact]
    public async Task A_cancelled_pending_read_is_passed_on_by_whoever_does_not_report_it()
    {
        await Send("one\ntwo\n");
        _pipe.Reader.CancelPendingRead();
        Assert.Equal("one", (await Lines.ReadAsync()).Frame);
        Lines.Release();
        ReadResult result = await _pipe.Reader.ReadAsync();
        Assert.True(result.IsCanceled);
        Assert.Equal("two\n", Text(result.Buffer));
    }

    [Fact]
    public async Task Stop_ends_a_waiting_loop_quietly_and_loses_nothing()
    {
        using CancellationTokenSource stop = new();
        await Send("one\npar");
        List<string> frames = [];
        Task loop = All(Lines, frames, stop.Token);
        Assert.False(loop.IsCompleted);
        await stop.CancelAsync();
        await loop;
        Assert.Equal(["one"], frames);

        await Send("tial\n");
        Assert.Equal("partial\n", await Rest());
    }

    [Fact]
    public async Task Stop_in_the_loops_body_leaves_the_frames_that_have_arrived()
    {
        using CancellationTokenSource stop = new();
        await Send("one\ntwo\nthree\n");
        await foreach (string line in Lines.ReadAllAsync(stop.Token))
        {
            Assert.Equal("one", line);
            await stop.CancelAsync();
        }

        Assert.Equal("two\nthree\n", await Rest());
    }

    [Fact]
    public async Task Stop_before_the_loop_ends_it_too()
    {
        await Send("one\n");
        await foreach (string _ in Lines.ReadAllAsync(new CancellationToken(canceled: true)))
            Assert.Fail("stopped");
        await foreach (string _ in Lines.ReadAllAsync().WithCancellation(new CancellationToken(canceled: true)))
            Assert.Fail("stopped");
        Assert.Equal("one\n", await Rest());
    }

    [Fact]
    public async Task A_cancellation_that_is_not_the_stop_is_thrown()
    {
        using CancellationTokenSource stop = new();
        Task loop = All(Lines, [], stop.Token);
        _pipe.Reader.CancelPendingRead();
        await Assert.ThrowsAsync<OperationCanceledException>(() => loop);
    }

    [Fact]
    public async Task Leaving_the_loop_gives_the_pipe_to_a_reader_with_another_codec()
    {
        await Send("upgrade\n\x02hi\x03you");
        await foreach (string line in Lines.ReadAllAsync())
        {
            Assert.Equal("upgrade", line);
            break;
        }

        FrameReader<ReadOnlySequence<byte>> reader = new(_pipe.Reader, Codecs.LengthPrefixed(1));
        Assert.Equal("hi", Text((await reader.ReadAsync()).Frame));
        reader.Release();
        reader.Release();
        Assert.Equal("\x03you", await Rest());
    }

    [Fact]
    public async Task A_reader_may_find_short_frames_in_what_another_one_had_examined()
    {
        using CancellationTokenSource cancel = new();
        FrameReader<ReadOnlySequence<byte>> other = new(_pipe.Reader, Codecs.LengthPrefixed(1));
        await Send("zone\ntwo\n");
        ValueTask<FrameResult<ReadOnlySequence<byte>>> read = other.ReadAsync(cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await read);

        await Send("!");
        Assert.Equal("zone", (await Lines.ReadAsync()).Frame);
        Lines.Release();
        Assert.Equal("two", (await Lines.ReadAsync()).Frame);
        Lines.Release();
        Assert.Equal("!", await Rest());
    }

    [Fact]
    public async Task A_frame_is_valid_during_the_loops_body()
    {
        FrameReader<ReadOnlySequence<byte>> reader = new(_pipe.Reader, Codecs.LineBytes());
        string[] lines = [.. Enumerable.Range(0, 100).Select(i => new string((char)('a' + (i % 26)), i * 37))];
        Task writing = Write();
        int count = 0;
        await foreach (ReadOnlySequence<byte> frame in reader.ReadAllAsync())
        {
            await Task.Yield();         // the writer goes on, and would reuse memory that the pipe was told is free
            Assert.Equal(lines[count++], Text(frame));
        }

        await writing;
        Assert.Equal(lines.Length, count);

        async Task Write()
        {
            await Task.Yield();
            foreach (string line in lines)
                await _pipe.Writer.WriteAsync(Latin1(line + "\n"));
            await _pipe.Writer.CompleteAsync();
        }
    }

    [Fact]
    public async Task The_pipe_is_advanced_only_by_the_next_read()
    {
        FrameReader<ReadOnlySequence<byte>> reader = new(_pipe.Reader, Codecs.LineBytes());
        await Send("one\n");
        ReadOnlySequence<byte> frame = (await reader.ReadAsync()).Frame;
        await Send("two\n");
        Assert.Throws<InvalidOperationException>(() => _pipe.Reader.TryRead(out _));
        Assert.Equal("one", Text(frame));
        Assert.Equal("two", Text((await reader.ReadAsync()).Frame));
    }

    [Fact]
    public async Task Completing_the_pipe_in_the_loops_body_does_not_hide_why_the_loop_is_left()
    {
        await Send("one\ntwo\n");
        await Assert.ThrowsAsync<FormatException>(async () =>
        {
            await foreach (string _ in Lines.ReadAllAsync())
            {
                await _pipe.Reader.CompleteAsync();
                throw new FormatException();
            }
        });
    }

    [Fact]
    public async Task The_observer_is_told_how_many_bytes_each_frame_took()
    {
        List<long> sizes = [];
        Lines.FrameDecoded = sizes.Add;
        await Send("one\r\n\nrest");
        await _pipe.Writer.CompleteAsync();
        Assert.Equal(["one", "", "rest"], await All());
        Assert.Equal([5, 1, 4], sizes);
    }

    [Fact]
    public async Task A_codec_that_takes_nothing_is_found_out()
    {
        FrameReader<string> reader = new(_pipe.Reader, new StuckCodec());
        await Send("x");
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await reader.ReadAsync());
        Assert.Equal("x", await Rest());
    }

    [Fact]
    public async Task Reading_frames_that_have_arrived_allocates_nothing()
    {
        const int Count = 1000;
        FrameCodec<ReadOnlySequence<byte>> codec = Codecs.LengthPrefixed();
        FrameReader<ReadOnlySequence<byte>> reader = new(_pipe.Reader, codec);
        ReadOnlySequence<byte> content = new(new byte[20]);
        await using IAsyncEnumerator<ReadOnlySequence<byte>> frames = reader.ReadAllAsync().GetAsyncEnumerator();

        // No await: it could change threads, and the count is the thread's. The first rounds warm up, and the runtime allocates now
        // and then on its own account: what the reader allocates is in every round.
        long least = long.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            for (int i = 0; i < Count; i++)
                _pipe.Writer.WriteFrame(codec, content);
            Now(_pipe.Writer.FlushAsync());
            long before = GC.GetAllocatedBytesForCurrentThread();
            long bytes = 0;
            for (int i = 0; i < Count / 2; i++)
                bytes += Now(reader.ReadAsync()).Frame.Length;
            for (int i = 0; i < Count / 2; i++)
                bytes += Now(frames.MoveNextAsync()) ? frames.Current.Length : 0;
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.Equal(Count * content.Length, bytes);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void Reading_frames_one_by_one_as_they_arrive_allocates_nothing()
    {
        FrameCodec<ReadOnlySequence<byte>> codec = Codecs.LengthPrefixed();
        FrameReader<ReadOnlySequence<byte>> reader = new(_pipe.Reader, codec);
        ReadOnlySequence<byte> content = new(new byte[20]);

        long least = long.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1000; i++)
            {
                Now(_pipe.Writer.WriteFrameAsync(codec, content));
                Now(reader.ReadAsync());
#if !DEBUG      // where state machines are objects, so that a wait allocates one
                WriteAndRead(reader.ReadAsync());
#endif
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);

#if !DEBUG
        void WriteAndRead(ValueTask<FrameResult<ReadOnlySequence<byte>>> waiting)
        {
            if (waiting.IsCompleted)
                Assert.Fail("no frame is there yet");
            Now(_pipe.Writer.WriteFrameAsync(codec, content));
            if (Now(waiting).Frame.Length != content.Length)
                Assert.Fail("not the frame that was written");
        }
#endif
    }

    [Fact]
    public void Arguments_are_checked()
    {
        Assert.Throws<ArgumentNullException>(() => new FrameReader<string>(null!, Codecs.Lines()));
        Assert.Throws<ArgumentNullException>(() => new FrameReader<string>(_pipe.Reader, null!));
    }

    private async Task Send(string bytes) => await _pipe.Writer.WriteAsync(Latin1(bytes));

    private static TResult Now<TResult>(ValueTask<TResult> task)
    {
        if (!task.IsCompletedSuccessfully)
            Assert.Fail("everything is there: nothing is to wait for");
        return task.Result;
    }

    /// <summary>What the next one to read the pipe gets, at once.</summary>
    private async Task<string> Rest()
    {
        ValueTask<ReadResult> read = _pipe.Reader.ReadAsync();
        Assert.True(read.IsCompleted, "the bytes are there: a read must not wait for more");
        ReadResult result = await read;
        Assert.False(result.IsCanceled);
        return Text(result.Buffer);
    }

    private Task<List<string>> All() => All(Lines, [], CancellationToken.None);

    private static async Task<List<string>> All(FrameReader<string> reader, List<string> frames, CancellationToken stop)
    {
        await foreach (string frame in reader.ReadAllAsync(stop))
            frames.Add(frame);
        return frames;
    }

    private sealed class CountingCodec() : FrameCodec<string>(10_000)
    {
        private readonly FrameCodec<string> _lines = Codecs.Lines();

        public List<long> Searched { get; } = [];

        public override bool TryDecode(ref ReadOnlySequence<byte> input, [MaybeNullWhen(false)] out string frame) => _lines.TryDecode(ref input, out frame);

        public override bool TryDecode(ref ReadOnlySequence<byte> input, long searched, [MaybeNullWhen(false)] out string frame)
        {
            Searched.Add(searched);
            return _lines.TryDecode(ref input, searched, out frame);
        }

        public override void Encode(string frame, IBufferWriter<byte> output) => _lines.Encode(frame, output);
    }

    private sealed class StuckCodec() : FrameCodec<string>(1)
    {
        public override bool TryDecode(ref ReadOnlySequence<byte> input, [MaybeNullWhen(false)] out string frame)
        {
            frame = "";
            return true;
        }

        public override void Encode(string frame, IBufferWriter<byte> output) => throw new NotSupportedException();
    }
}
