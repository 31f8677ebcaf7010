using Sockeye.Eye.Recording;

namespace Sockeye.Eye.Serving;

/// <summary>A conversation that a page may ask about. What it gives is the asker's.</summary>
internal interface ITalk
{
    /// <summary>When what the times of its events count from was.</summary>
    DateTimeOffset StartedAt { get; }

    /// <summary>What a file of it is called.</summary>
    string FileName { get; }

    /// <summary>What is kept of it; null: it is not kept, or not any more.</summary>
    EyeEvent[]? Events();

    /// <summary>The same, to be written to a file.</summary>
    EyeRecording? Record();

    /// <summary>Its figures over time.</summary>
    EyePlot? Plot();
}
