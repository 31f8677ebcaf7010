namespace Sockeye;

/// <summary>How a peer answered otherwise than recorded.</summary>
public enum ReplayDifferenceKind
{
    /// <summary>Another byte came, or what is no frame.</summary>
    Other,

    /// <summary>More came than was recorded.</summary>
    More,

    /// <summary>It was silent where the recording goes on.</summary>
    Silent,

    /// <summary>It ended its direction where the recording goes on, or has a reset.</summary>
    Ended,

    /// <summary>It reset the connection where the recording goes on, or has an end.</summary>
    Reset,

    /// <summary>It said all that was recorded, and then did not end as recorded.</summary>
    NotEnded,
}
