using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using static Sockeye.Tests.Framing.Decoding;

namespace Sockeye.Tests.Framing;

public class HttpCodecTests
{
    private const string Chunked = "Transfer-Encoding: chunked\r\n\r\n";

    [Theory]
    [InlineData("GET /?q=1 HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("DELETE * HTTP/1.0\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n\r\n\r\nx")]
    [InlineData("POST / HTTP/1.1\r\ncontent-length: 2, 2\r\nContent-Length: 2\r\n\r\nhi")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n")]
    [InlineData("HTTP/1.1 204\r\n" + Chunked)]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n" + Chunked + "0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n5;a=\"b\"\r\n\r\n0\r\n\r\n00A \t;x\r\n0123456789\r\n000;last\r\nDigest: x\r\nY: \r\n\r\n")]
    [InlineData("PUT /f HTTP/1.1\r\n" + Chunked + "1\r\nx\r\n0\r\n\r\n")]
    public void A_message_is_a_frame_with_its_body(string message)
    {
        Expect(Codecs.Http(), Latin1(message), message);
        Expect(Codecs.Http(), Latin1(message + "GET / HTTP/1.1\r\n\r\n" + message), message, "GET / HTTP/1.1\r\n\r\n", message);
        Assert.Equal([message, message], RespCodecTests.Cut(Codecs.Http(), message + message, Enumerable.Repeat(1, 2 * message.Length)));
        Assert.Equal(Latin1(message), Encode(Codecs.Http(), Sequence(message)));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.0 200 OK\r\nServer: old\r\n\r\nall\r\n\r\nthere is")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n\x1F\x8B")]
    public void A_response_without_a_length_ends_with_the_stream(string response)
    {
        Expect(Codecs.Http(), Latin1("HTTP/1.1 100 Continue\r\n\r\n" + response), "HTTP/1.1 100 Continue\r\n\r\n", response);
        RefuseToEncode(Codecs.Http(), Sequence(response));
        Refuse<FrameTooLargeException, ReadOnlySequence<byte>>(Codecs.Http(response.Length - 1), Latin1(response));
        Expect(Codecs.Http(response.Length), Latin1(response), response);
    }

    [Fact]
    public void Empty_lines_before_a_message_are_none_of_it() =>
        Expect(Codecs.Http(), Latin1("\r\n\r\nGET / HTTP/1.1\r\n\r\n\r\nGET / HTTP/1.1\r\n\r\n\r\n"), "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\n\r\n");

    [Theory]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 1\r\n" + Chunked, "Content-Length beside Transfer-Encoding")]
    [InlineData("POST / HTTP/1.1\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", "does not end with chunked")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "is no Content-Length")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\n", "is no Content-Length")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 0x1\r\n\r\n", "is no Content-Length")]
    [InlineData("HTTP/1.1 200 OK\r\n" + Chunked + "\r\n", "without its size")]
    [InlineData("HTTP/1.1 200 OK\r\n" + Chunked + " 1\r\n", "without its size")]
    [InlineData("HTTP/1.1 200 OK\r\n" + Chunked + "-1\r\n", "without its size")]
    [InlineData("HTTP/1.1 200 OK\r\n" + Chunked + "1x\r\n", "0x78 behind the size")]
    [InlineData("HTTP/1.1 200 OK\r\n" + Chunked + "1\n", "LF alone")]
    [InlineData("HTTP/1.1 200 OK\r\n" + Chunked + "1\r\nab\r\n", "CR and LF do not follow")]
    [InlineData("HTTP/1.1 200 OK\r\n" + Chunked + "0\r\nno trailer\r\n", "trailer of HTTP without a name")]
    [InlineData("HTTP/1.1 200 OK\r\n" + Chunked + "0\r\n: x\r\n", "trailer of HTTP without a name")]
    [InlineData("PRI * HTTP/2.0\r\n\r\n", "no request line of HTTP/1.1")]
    public void What_two_readers_may_read_in_two_ways_is_refused(string message, string problem) =>
        Refuse<ProtocolException, ReadOnlySequence<byte>>(Codecs.Http(), Latin1(message), e => Assert.Contains(problem, e.Message, StringComparison.Ordinal));

    [Fact]
    public void A_stream_that_ends_within_a_body_is_the_peers_fault()
    {
        Refuse<ProtocolException, ReadOnlySequence<byte>>(Codecs.Http(), Latin1("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab"));
        Refuse<ProtocolException, ReadOnlySequence<byte>>(Codecs.Http(), Latin1("HTTP/1.1 200 OK\r\n" + Chunked + "3\r\nabc\r\n"));
        Refuse<ProtocolException, ReadOnlySequence<byte>>(Codecs.Http(), Latin1("HTTP/1.1 200 OK\r\n" + Chunked + "0\r\n"));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 61\r\n\r\n", 100L)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", null)]
    [InlineData("HTTP/1.1 200 OK\r\n" + Chunked + "34\r\n", null)]
    [InlineData("HTTP/1.1 200 OK\r\n" + Chunked + "ffffffffffffffff\r\n", null)]
    [InlineData("HTTP/1.1 200 OK\r\n" + Chunked + "7fffffffffffffffffff\r\n", null)]
    public void What_says_that_it_is_too_large_is_refused_before_it_comes(string begin, long? size) =>
        Refuse<FrameTooLargeException, ReadOnlySequence<byte>>(Codecs.Http(99), Latin1(begin), e => Assert.Equal((99, size), (e.Limit, e.Size)));

    [Fact]
    public void A_line_between_chunks_has_a_limit()
    {
        string longest = "0;" + new string('x', HttpChunks.LineMax - 4) + "\r\n\r\n";
        string begin = "HTTP/1.1 200 OK\r\n" + Chunked;
        Assert.Equal([begin + longest], Whole(Codecs.Http(), Sequence(begin + longest)));
        Assert.Contains("has no end after 8192 bytes", Assert.Throws<ProtocolException>(() => Whole(Codecs.Http(), Sequence(begin + "0;x" + longest[2..]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bodies_of_any_chunks_are_cut_out_of_pieces_of_any_size() =>
        Prop.ForAll(Gen.Choose(1, 300).ListOf().NonEmptyListOf().ToArbitrary(), Gen.Choose(1, 40).NonEmptyListOf().ToArbitrary(), (messages, sizes) =>
        {
            string[] frames = [.. messages.Select(chunks => $"HTTP/1.1 200 OK\r\n{Chunked}{string.Concat(chunks.Select(size => $"{size:x}\r\n{new string('\n', size)}\r\n"))}0\r\n\r\n")];
            string stream = string.Concat(frames);
            IEnumerable<int> endless = Enumerable.Range(0, int.MaxValue).Select(index => sizes[index % sizes.Count]);
            return frames.SequenceEqual(RespCodecTests.Cut(Codecs.Http(), stream, endless)) && frames.SequenceEqual(Whole(Codecs.Http(), Sequence(stream)));
        }).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(100));

    /// <summary>Whatever has come of a body, its head is not read again, nor the chunks before.</summary>
    [Fact]
    public void What_has_come_is_not_gone_through_again()
    {
        byte[] bytes = Latin1("HTTP/1.1 200 OK\r\n" + Chunked + string.Concat(Enumerable.Repeat("1\r\nx\r\n", 5000)));
        int head = bytes.AsSpan().IndexOf("\r\n\r\n"u8) + 4;
        FrameProgress progress = default;
        for (int length = 1; length < bytes.Length; length++)
        {
            ReadOnlySequence<byte> input = new(bytes, 0, length);
            Assert.False(Codecs.Http().TryResume(ref input, ref progress, out _));
            progress.Searched = length;
            Assert.True(length < head ? progress.Position == 0 : progress.Position > length - 6);
        }
    }

    [Fact]
    public void A_head_is_searched_once()
    {
        FrameProgress progress = new() { Searched = 30 };
        ReadOnlySequence<byte> input = Sequence("GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1");
        Assert.False(Codecs.Http().TryResume(ref input, ref progress, out _));
    }
}
