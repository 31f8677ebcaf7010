namespace Sockeye;

/// <summary>What of the peer's answers is compared with the recording.</summary>
public enum ReplayComparison
{
    /// <summary>Each byte.</summary>
    Bytes,

    /// <summary>How many bytes come before each of our turns, and in all: not which.</summary>
    Length,

    /// <summary>How many frames come before each of our turns, and in all: not what is in them, nor how large they are.</summary>
    Frames,
}
