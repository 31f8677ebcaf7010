namespace Sockeye;

/// <summary>What a side of a recorded connection did.</summary>
public enum TranscriptEventKind
{
    /// <summary>It sent bytes.</summary>
    Data,

    /// <summary>It ended its direction: FIN.</summary>
    End,

    /// <summary>It reset the connection: RST.</summary>
    Reset,
}
