using System.Buffers;
using System.Text;

namespace Sockeye.Tests.Handbook;

public class FramingPageTests : HandbookTests
{
    [Fact]
    public void Sticky_packets()
    {
        (NetworkSocket sender, NetworkSocket receiver) = Network.Host.CreatePair();
        using (sender)
        using (receiver)
        {
            // snippet: 03 sticky packets
            sender.SendAll("hello"u8);
            sender.SendAll("world"u8);
            byte[] buffer = new byte[100];
            int count = receiver.Receive(buffer);                       // 10: both at once
            string text = Encoding.UTF8.GetString(buffer, 0, count);    // "helloworld"
            // end snippet
            Assert.Equal("helloworld", text);
        }
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
}
