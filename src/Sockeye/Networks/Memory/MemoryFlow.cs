namespace Sockeye;

/// <summary>Things that must not overtake each other: all that one socket sends.</summary>
internal sealed class MemoryFlow
{
    /// <summary>When the last one arrives, on the clock's own scale.</summary>
    public long LastDue { get; set; }

    /// <summary>How many are under way.</summary>
    public int UnderWay { get; set; }
}
