using System.Buffers;
using System.IO.Pipelines;
using static Sockeye.Tests.Framing.Decoding;

namespace Sockeye.Tests.Framing;

public class PipeWriterExtensionsTests
{
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0));     // nobody reads while a test writes

    [Fact]
    public async Task A_frame_leaves_with_the_next_flush()
    {
        _pipe.Writer.WriteFrame(Codecs.Lines(), "one");
        Assert.False(_pipe.Reader.TryRead(out _));
        await _pipe.Writer.WriteFrameAsync(Codecs.LengthPrefixed(1), Sequence("hi"));
        await _pipe.Writer.WriteLineAsync("naïve");
        await _pipe.Writer.WriteLineAsync(new string('x', Codecs.DefaultMaxLineSize + 1));
        Assert.Equal("one\n\x02hina\xC3\xAFve\n" + new string('x', Codecs.DefaultMaxLineSize + 1) + "\n", await Written());
    }

    [Fact]
    public async Task A_line_that_would_be_two_writes_nothing()
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await _pipe.Writer.WriteLineAsync("one\ntwo"));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await _pipe.Writer.WriteLineAsync("one\r"));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await _pipe.Writer.WriteLineAsync("\uD800"));
        Assert.Equal("", await Written());
    }

    [Fact]
    public async Task A_flush_that_is_cancelled_keeps_the_frame()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await _pipe.Writer.WriteLineAsync("one", new CancellationToken(canceled: true)));
        await _pipe.Writer.FlushAsync();
        Assert.Equal("one\n", await Written());
    }

    [Fact]
    public async Task A_reader_that_takes_no_more_is_seen()
    {
        await _pipe.Reader.CompleteAsync();
        Assert.True((await _pipe.Writer.WriteLineAsync("one")).IsCompleted);
    }

    [Fact]
    public void Arguments_are_checked()
    {
        Assert.Throws<ArgumentNullException>(() => PipeWriterExtensions.WriteFrame(null!, Codecs.Lines(), ""));
        Assert.Throws<ArgumentNullException>(() => _pipe.Writer.WriteFrame(null!, ""));
    }

    private async Task<string> Written()
    {
        await _pipe.Writer.CompleteAsync();
        return Text((await _pipe.Reader.ReadAtLeastAsync(1_000_000)).Buffer);
    }
}
