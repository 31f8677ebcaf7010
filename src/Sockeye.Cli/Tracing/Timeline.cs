namespace Sockeye.Cli.Tracing;

/// <summary>
/// The steps in the order of their times, from whatever thread they come: what the sockets tell and what was captured have different ways here. They are
/// written when somebody asks.
/// </summary>
/// <param name="output">Where the lines go.</param>
/// <param name="report">What they look like.</param>
/// <param name="time">The clock.</param>
internal sealed class Timeline(TextWriter output, TraceReport report, TimeProvider time)
{
    /// <summary>How many steps wait to be written before the next is left out, and counted.</summary>
    public const int WaitingMax = 16 * 1024;

    private readonly Lock _lock = new();
    private readonly List<TraceStep> _waiting = [];
    private readonly DateTimeOffset _startTime = time.GetUtcNow();
    private readonly long _start = time.GetTimestamp();
    private long _lost;

    /// <summary>How long it has been going on.</summary>
    public TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>Takes a step that happens now.</summary>
    public void Add(TraceStep step) => AddAt(step, Now);

    /// <summary>Takes a step that happened then.</summary>
    public void AddAt(TraceStep step, TimeSpan at)
    {
        lock (_lock)
        {
            if (_waiting.Count < WaitingMax)
                _waiting.Add(step with { At = at });
            else
                _lost++;
        }
    }

    /// <summary>Takes a step that happened at that time of the day.</summary>
    public void AddAt(TraceStep step, DateTimeOffset at) => AddAt(step, at - _startTime);

    /// <summary>Writes what has come so far.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            // Stable: what happened at the same time stays in the order in which it was told.
            foreach (TraceStep step in _waiting.OrderBy(step => step.At))
                output.WriteLine(report.Format(step, _startTime));
            _waiting.Clear();
            if (_lost > 0)
                output.WriteLine(report.Format(new TraceStep(TraceStepKind.Notice) { At = Now, Message = $"{_lost} steps came faster than they could be written, and were left out" }, _startTime));
            _lost = 0;
        }
    }
}
