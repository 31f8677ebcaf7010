using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Sockeye.Tests.Framing;

namespace Sockeye.Tests.Handbook;

public partial class FramingPageTests : HandbookTests
{
    [Fact]
    public void Sticky_packets()
    {
        (NetworkSocket sender, NetworkSocket receiver) = Network.Host.CreatePair();
        using (sender)
        using (receiver)
        {
            // snippet: 03 sticky packets
            string[] messages = ["hello", "how are you?", "bye"];
            foreach (string message in messages)
                sender.SendAll(Encoding.UTF8.GetBytes(message));
            sender.Shutdown(SocketShutdown.Send);

            byte[] buffer = new byte[8];
            List<string> arrived = [];
            for (int count; (count = receiver.Receive(buffer)) > 0;)
                arrived.Add(Encoding.UTF8.GetString(buffer, 0, count));     // "hellohow", " are you", "?bye"
            // end snippet
            Assert.Equal(["hellohow", " are you", "?bye"], arrived);
        }
    }

    [Fact]
    public async Task Each_codec_cures_it()
    {
        CancellationToken stop = Stop;
        string[] messages = ["hello", "how are you?", "bye"];
        List<string> arrived = [];
        // snippet: 03 cures
        foreach (string name in new[] { "lines", "delimiter:%00", "length:2", "varint", "netstring", "slip", "cobs" })
        {
            FrameCodec<ReadOnlySequence<byte>> codec = Codecs.Parse(name);
            (NetworkSocket sender, NetworkSocket receiver) = Network.Host.CreatePair();
            await using Connection writer = Network.Host.CreateConnection(sender);
            await using Connection reader = Network.Host.CreateConnection(receiver);
            foreach (string message in messages)
                await writer.WriteFrameAsync(codec, new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(message)), stop);
            await writer.Output.CompleteAsync();

            await foreach (ReadOnlySequence<byte> frame in reader.Frames(codec).ReadAllAsync(stop))
                arrived.Add(Encoding.UTF8.GetString(frame));            // "hello", "how are you?", "bye", each time
        }

        // end snippet
        Assert.Equal(Enumerable.Repeat(messages, 7).SelectMany(all => all), arrived);
    }

    /// <summary>The page's wire pictures, and that every codec is in its table.</summary>
    [Fact]
    public void The_table_shows_what_is_written()
    {
        (string Codec, string Wire)[] rows = [.. WirePicture().Matches(Page()).Select(row => (row.Groups["codec"].Value, row.Groups["wire"].Value))];
        Assert.All(rows, row =>
        {
            ArrayBufferWriter<byte> output = new();
            byte[] frame = row.Codec switch
            {
                "jsonl" => "\"hi\""u8.ToArray(),
                "resp" => "$2\r\nhi\r\n"u8.ToArray(),
                _ => "hi"u8.ToArray(),
            };
            Codecs.Parse(row.Codec).Encode(new ReadOnlySequence<byte>(frame), output);
            Assert.Equal(row.Wire, string.Join(' ', output.WrittenMemory.ToArray().Select(value => value.ToString("X2"))));
        });

        Assert.False(Codecs.TryParse("", out _, out string? error));
        string[] known = error[(error.IndexOf(" are ", StringComparison.Ordinal) + 5)..^1].Replace(" and ", ", ", StringComparison.Ordinal).Split(", ");

        // HTTP's frames are too long for a picture in hexadecimal.
        Assert.Contains("| `Http` | `http` | `GET /hi HTTP/1.1`", Page(), StringComparison.Ordinal);
        Assert.Equal(known.Order(), rows.Select(row => row.Codec.Split(':')[0]).Append("http").Distinct().Order());
    }

    [Fact]
    public void As_text()
    {
        // snippet: 03 as text
        FrameCodec<ReadOnlySequence<byte>> codec = Codecs.Parse("length:4:little:self:max=64k");
        string text = codec.ToString()!;                                // the same: what is usual would be left out
        bool known = Codecs.TryParse("nestring", out _, out string? error);
        // "nestring" is no codec: "nestring" is unknown; did you mean "netstring"?
        // end snippet
        Assert.Equal("length:4:little:self:max=64k", text);
        Assert.False(known);
        Assert.Equal("\"nestring\" is no codec: \"nestring\" is unknown; did you mean \"netstring\"?", error);
    }

    [Fact]
    public async Task Values()
    {
        CancellationToken stop = Stop;
        (Connection client, Connection server) = await ConnectAsync();
        // snippet: 03 values
        FrameCodec<Reading> codec = Codecs.JsonLines(ReadingContext.Default.Reading);
        await client.WriteFrameAsync(codec, new Reading("boiler", 71), stop);       // {"Sensor":"boiler","Value":71}
        FrameResult<Reading> reading = await server.Frames(codec).ReadAsync(stop);
        // end snippet
        Assert.Equal(new Reading("boiler", 71), reading.Frame);
        client.Abort();
        server.Abort();
    }

    [Fact]
    public void A_codec_of_ones_own()
    {
        FrameCodec<int> codec = new NumberCodec();
        byte[] wire = Decoding.Encode(codec, 1, 65535);
        Assert.Equal([0, 1, 255, 255], wire);
        Decoding.Expect(codec, wire, "1", "65535");
        Decoding.RefuseToEncode(codec, 65536);
        Decoding.RefuseToEncode(codec, -1);
    }

    [Fact]
    public async Task Lines()
    {
        CancellationToken stop = Stop;
        (Connection client, Connection server) = await ConnectAsync();
        List<string> lines = [];
        // snippet: 03 lines
        await client.WriteLineAsync("hello", stop);
        await client.WriteLineAsync("world", stop);
        await client.Output.CompleteAsync();

        await foreach (string line in server.Frames(Codecs.Lines()).ReadAllAsync(stop))
            lines.Add(line);                                            // "hello", then "world"
        // end snippet
        Assert.Equal(["hello", "world"], lines);
        await server.DisposeAsync();
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Length_prefixed()
    {
        CancellationToken stop = Stop;
        (Connection client, Connection server) = await ConnectAsync();
        // snippet: 03 length prefixed
        FrameCodec<ReadOnlySequence<byte>> codec = Codecs.LengthPrefixed(prefixSize: 2, ByteOrder.BigEndian);
        await client.WriteFrameAsync(codec, new ReadOnlySequence<byte>("any\nbytes"u8.ToArray()), stop);

        FrameReader<ReadOnlySequence<byte>> frames = server.Frames(codec);
        if ((await frames.ReadAsync(stop)).TryGetFrame(out ReadOnlySequence<byte> frame))
        {
            byte[] kept = frame.ToArray();                              // the frame itself is valid until the next read
        }
        // end snippet
        Assert.Equal("any\nbytes", Encoding.UTF8.GetString(frame));
        frames.Release();
        client.Abort();
        server.Abort();
    }

    [Fact]
    public async Task Limits()
    {
        CancellationToken stop = Stop;
        (Connection client, Connection server) = await ConnectAsync();
        string log = "";
        await client.WriteLineAsync("a line that goes on and on", stop);
        // snippet: 03 limits
        FrameReader<string> lines = server.Frames(Codecs.Lines(maxFrameSize: 20));
        try
        {
            await lines.ReadAsync(stop);
        }
        catch (FrameTooLargeException e)
        {
            log = e.Message;
            server.Abort(e);
        }
        // end snippet
        Assert.Contains("20", log, StringComparison.Ordinal);
        client.Abort();
    }

    [Fact]
    public async Task A_change_of_codec()
    {
        CancellationToken stop = Stop;
        (Connection client, Connection server) = await ConnectAsync();
        await client.WriteLineAsync("binary", stop);
        await client.WriteFrameAsync(Codecs.VarintPrefixed(), new ReadOnlySequence<byte>([1, 2, 3]), stop);
        // snippet: 03 change of codec
        FrameReader<string> lines = server.Frames(Codecs.Lines());
        FrameResult<string> line = await lines.ReadAsync(stop);         // "binary"
        lines.Release();                                                // what follows stays in the pipe
        FrameReader<ReadOnlySequence<byte>> frames = server.Frames(Codecs.VarintPrefixed());
        FrameResult<ReadOnlySequence<byte>> frame = await frames.ReadAsync(stop);
        // end snippet
        Assert.Equal("binary", line.Frame);
        Assert.Equal([1, 2, 3], frame.Frame.ToArray());
        client.Abort();
        server.Abort();
    }

    private static string Page()
    {
        string? folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder!, "Sockeye.slnx")))
            folder = Path.GetDirectoryName(folder);
        return File.ReadAllText(Path.Combine(folder!, "docs", "handbook", "03-framing.md"));
    }

    [GeneratedRegex(@"^\|[^|]*\| `(?<codec>[^`]+)` \| `(?<wire>[0-9A-F ]+)`", RegexOptions.Multiline)]
    private static partial Regex WirePicture();
}

// snippet: 03 own codec
/// <summary>Numbers of two bytes, most significant first.</summary>
internal sealed class NumberCodec() : FrameCodec<int>(sizeof(ushort))
{
    public override bool TryDecode(ref ReadOnlySequence<byte> input, out int frame)
    {
        SequenceReader<byte> reader = new(input);
        bool found = reader.TryReadBigEndian(out short number);
        frame = (ushort)number;
        if (found)
            input = reader.UnreadSequence;
        return found;
    }

    public override void Encode(int frame, IBufferWriter<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(frame, (ushort)frame);
        BinaryPrimitives.WriteUInt16BigEndian(output.GetSpan(sizeof(ushort)), (ushort)frame);
        output.Advance(sizeof(ushort));
    }
}
// end snippet

[JsonSerializable(typeof(Reading))]
internal sealed partial class ReadingContext : JsonSerializerContext;
