using System.Buffers;
using System.Text;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Library;

/// <summary>Codecs and the same formats in Python, both directions, in pieces that fit nothing.</summary>
public class FramesTests
{
    private static readonly byte[] EveryByte = [.. Enumerable.Range(0, 255).Select(each => (byte)each)];

    [Theory]
    [InlineData("lines")]
    [InlineData("crlf")]
    [InlineData("delimiter:%00")]
    public Task Text_with_an_end(string codec) => ExchangeAsync(codec, [.. "hello||how are you?|再见|a\rb".Split('|').Select(Encoding.UTF8.GetBytes)]);

    [Theory]
    [InlineData("length:2:little")]
    [InlineData("length:4")]
    [InlineData("length:4:little:self")]
    [InlineData("length:8:self")]
    [InlineData("varint")]
    [InlineData("netstring")]
    [InlineData("cobs")]
    public Task Any_bytes(string codec) =>
        ExchangeAsync(codec, [], "hi"u8.ToArray(), [0], [0, 0], EveryByte, new byte[300], [.. EveryByte[1..], 0], [.. EveryByte, 255, 255, .. EveryByte, 1]);

    [Fact]
    public Task A_length_of_one_byte() => ExchangeAsync("length:1", [], "hi"u8.ToArray(), EveryByte);

    [Fact]
    public Task A_fixed_size() => ExchangeAsync("fixed:3", [0, 0, 0], "abc"u8.ToArray(), [10, 13, 10]);

    /// <summary>SLIP has no empty frames.</summary>
    [Fact]
    public Task Slip() => ExchangeAsync("slip", "hi"u8.ToArray(), [0xC0], [0xDB, 0xDC], [0xC0, 0xC0, 0xDB], [.. EveryByte, 255], [.. EveryByte, .. EveryByte]);

    /// <summary>As Python's json writes it, which escapes what is not ASCII.</summary>
    [Fact]
    public Task Json_lines() => ExchangeAsync("jsonl", [.. new[] { "{\"a\": [1, null, true]}", "\"\\n \\u00e9\"", "-1.5", "[]" }.Select(Encoding.UTF8.GetBytes)]);

    private static async Task ExchangeAsync(string text, params byte[][] frames)
    {
        FrameCodec<ReadOnlySequence<byte>> codec = Codecs.Parse(text);
        await using Listener listener = await Network.Host.ListenAsync("tcp://127.0.0.1:0");
        await using Peer python = Programs.Python("frames.py", [text, .. listener.Address.HostAndPort(), .. frames.Select(Convert.ToHexString)]);
        Connection connection = (await listener.AcceptAsync())!;

        List<string> received = [];
        await foreach (ReadOnlySequence<byte> frame in connection.Frames(codec).ReadAllAsync())
        {
            received.Add(Convert.ToHexString(frame.ToArray()));
            await connection.WriteFrameAsync(codec, frame);
        }

        await connection.DisposeAsync();
        Assert.Equal(frames.Select(Convert.ToHexString), received);
        Assert.Equal(0, await python.EndAsync());
        Assert.Equal($"the same {frames.Length} frames\n", python.Output);
    }
}
