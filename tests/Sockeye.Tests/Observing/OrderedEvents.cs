using System.Text;

namespace Sockeye.Tests.Observing;

/// <summary>Writes events down in the order in which a recorder has them.</summary>
internal sealed class OrderedEvents(TimeProvider clock, RecorderOptions? options = null) : SocketRecorder(clock, options)
{
    private readonly Lock _lock = new();
    private readonly List<(DateTimeOffset Time, string Text)> _events = [];

    /// <summary>What is recorded so far.</summary>
    public string[] Now
    {
        get
        {
            lock (_lock)
                return [.. _events.Select(happened => happened.Text)];
        }
    }

    public DateTimeOffset[] Times
    {
        get
        {
            lock (_lock)
                return [.. _events.Select(happened => happened.Time)];
        }
    }

    public async Task<string[]> AllAsync()
    {
        await FlushAsync();
        return Now;
    }

    public static string Format(SocketEvent happened) =>
        happened.Kind + (happened.Length > 0 ? $" {happened.Offset} {Encoding.ASCII.GetString(happened.Data.Span)}" : happened.ByPeer ? " by peer" : "");

    protected override void Record(SocketEvent happened)
    {
        lock (_lock)
            _events.Add((happened.Time, Format(happened)));
    }
}
