namespace Sockeye.Cli.Tracing;

/// <summary>Steps as lines.</summary>
internal abstract class TraceReport
{
    /// <summary>How many of the bytes sent or received at once are kept for showing.</summary>
    public const int PreviewBytesMax = 1024;

    /// <summary>The line, or lines, of one step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="start">When the trace began.</param>
    public abstract string Format(TraceStep step, DateTimeOffset start);
}
