namespace Sockeye;

/// <summary>
/// How far a codec has come in a frame whose end is not there yet. Codecs keep nothing, so whoever asks them again keeps it for them; a new frame begins with the default value.
/// </summary>
internal struct FrameProgress
{
    /// <summary>How many bytes on the front the codec was shown.</summary>
    public long Searched { get; set; }

    /// <summary>From here on it has to look: what is before it is part of the frame. The codec's.</summary>
    public long Position { get; set; }

    /// <summary>What else it knows there. The codec's.</summary>
    public long State { get; set; }
}
