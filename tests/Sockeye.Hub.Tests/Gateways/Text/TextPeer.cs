using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Sockeye.Hub.Tests.Gateways.Text;

/// <summary>A client of the plain-text door that is a connection and nothing more: bytes as they are, in either direction.</summary>
internal sealed class TextPeer(Connection connection) : IAsyncDisposable
{
    private readonly ArrayBufferWriter<byte> _all = new();

    public Connection Connection { get; } = connection;

    /// <summary>All that was read so far.</summary>
    public string All => Encoding.UTF8.GetString(_all.WrittenSpan);

    /// <summary>Types lines, all at once.</summary>
    public Task TypeAsync(params string[] lines) => SendAsync(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));

    public async Task SendAsync(byte[] bytes) => await Connection.Output.WriteAsync(bytes).AsTask().WaitAsync(Hang.Limit);

    /// <summary>Reads up to and with a text.</summary>
    /// <returns>What was before it.</returns>
    public Task<string> SaysAsync(string text) => SaysAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Reads up to and with these bytes.</summary>
    public async Task<string> SaysAsync(byte[] wanted)
    {
        while (true)
        {
            ReadResult read = await Connection.Input.ReadAsync().AsTask().WaitAsync(Hang.Limit);
            SequenceReader<byte> reader = new(read.Buffer);
            if (reader.TryReadTo(out ReadOnlySequence<byte> before, wanted, advancePastDelimiter: true))
            {
                Take(read.Buffer.Slice(0, reader.Position));
                string text = Encoding.UTF8.GetString(before);
                Connection.Input.AdvanceTo(reader.Position);
                return text;
            }

            if (read.IsCompleted)
                Assert.Fail($"It ended without saying \"{Encoding.UTF8.GetString(wanted)}\". It said:\n{All}{Encoding.UTF8.GetString(read.Buffer)}");
            Connection.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>The next line, without its end.</summary>
    public Task<string> LineAsync() => SaysAsync("\r\n");

    public async Task<string[]> LinesAsync(int count)
    {
        string[] lines = new string[count];
        for (int i = 0; i < count; i++)
            lines[i] = await LineAsync();
        return lines;
    }

    /// <summary>The next messages, without their times and the lines between two days: for tests whose clock runs on while others wait for their turn.</summary>
    public async Task<string[]> MessagesAsync(int count)
    {
        List<string> messages = [];
        while (messages.Count < count)
        {
            string line = await LineAsync();
            if (line.StartsWith('['))
                messages.Add(line[(line.IndexOf(']', StringComparison.Ordinal) + 2)..]);
            else
                Assert.Matches("^\\* [A-Z][a-z]+day, ", line);
        }

        return [.. messages];
    }

    /// <summary>Takes so many bytes, or as many as there are.</summary>
    public async Task ReadSomeAsync(int bytes)
    {
        // What is to come may come in the meantime, or later: either is a way to read.
        await Task.Yield();
        if (bytes == 0)
            return;
        ValueTask<ReadResult> reading = Connection.Input.ReadAsync();
        if (!reading.IsCompleted)
            Connection.Input.CancelPendingRead();
        ReadOnlySequence<byte> buffer = (await reading).Buffer;
        ReadOnlySequence<byte> some = buffer.Slice(0, Math.Min(bytes, buffer.Length));
        Take(some);
        Connection.Input.AdvanceTo(some.End);
    }

    /// <summary>Reads to the end.</summary>
    public async Task<string> EndAsync()
    {
        while (true)
        {
            ReadResult read = await Connection.Input.ReadAsync().AsTask().WaitAsync(Hang.Limit);
            if (read.IsCompleted)
            {
                Take(read.Buffer);
                string rest = Encoding.UTF8.GetString(read.Buffer);
                Connection.Input.AdvanceTo(read.Buffer.End);
                return rest;
            }

            Connection.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Gives itself a name, and reads up to where it is in a room.</summary>
    public async Task<TextPeer> AsAsync(string name)
    {
        await TypeAsync(name);
        await SaysAsync("* You are in #");
        await LineAsync();
        return this;
    }

    /// <summary>Reads until everything that was asked for before is answered: all answers come in order.</summary>
    public async Task<string> SettleAsync()
    {
        await TypeAsync("/leave nowhere");
        return await SaysAsync("! You are not in nowhere.\r\n");
    }

    private void Take(ReadOnlySequence<byte> bytes)
    {
        foreach (ReadOnlyMemory<byte> segment in bytes)
            _all.Write(segment.Span);
    }

    public ValueTask DisposeAsync() => Connection.DisposeAsync();
}
