using System.Text;
using System.Threading.Channels;

namespace Sockeye.Cli.Output;

/// <summary>
/// Writes events as lines. Serving never waits for it: a terminal that stands still, or a pipe that nobody reads, loses lines, and is told
/// how many.
/// </summary>
internal sealed class EventLog : IAsyncDisposable
{
    /// <summary>How many events wait to be written before the next is lost.</summary>
    public const int WaitingMax = 4096;

    /// <summary>How many of these may be what came: a flood of it must not crowd out who connected, who left and why.</summary>
    public const int ReceivedWaitingMax = WaitingMax * 3 / 4;

    private const int BatchCharactersMax = 16 * 1024;

    private readonly Channel<CliEvent> _waiting = Channel.CreateBounded<CliEvent>(new BoundedChannelOptions(WaitingMax) { SingleReader = true });
    private readonly TextWriter? _output;
    private readonly EventFormat _format;
    private readonly TimeProvider _time;
    private readonly StandStill _standStill = new();
    private readonly Task _writing;
    private long _lost;

    /// <summary>Writes to <paramref name="output"/>; null writes nothing.</summary>
    public EventLog(TextWriter? output, EventFormat format, TimeProvider time)
    {
        (_output, _format, _time) = (output, format, time);
        _writing = output is null ? Task.CompletedTask : WriteAllAsync(output);
    }

    /// <summary>Whether anybody is told: an event that costs something to make need not be made.</summary>
    public bool IsOn => _output is not null;

    public void Write(CliEvent happened)
    {
        if (!IsOn)
            return;
        bool hasRoom = happened.Kind != EventKind.Received || _waiting.Reader.Count < ReceivedWaitingMax;
        if (!hasRoom || !_waiting.Writer.TryWrite(happened with { Time = _time.GetUtcNow() }))
            Interlocked.Increment(ref _lost);
    }

    /// <summary>Writes what waits, unless the output stands still.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _standStill.WaitAsync(_writing, _time);
    }

    private async Task WriteAllAsync(TextWriter output)
    {
        StringBuilder batch = new();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            while (batch.Length < BatchCharactersMax && _waiting.Reader.TryRead(out CliEvent? happened))
                batch.Append(_format.Format(happened)).Append('\n');
            if (Interlocked.Exchange(ref _lost, 0) is > 0 and long lost)
                batch.Append(_format.Format(new CliEvent(EventKind.Lost) { Count = lost, Time = _time.GetUtcNow() })).Append('\n');
            _standStill.BeginWrite();
            try
            {
                output.Write(batch);
                output.Flush();
            }
            catch (IOException)
            {
                // Whoever read it has gone; serving goes on.
            }

            _standStill.EndWrite();

            batch.Clear();
        }
    }
}
