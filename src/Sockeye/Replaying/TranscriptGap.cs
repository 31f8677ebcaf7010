namespace Sockeye;

/// <summary>Bytes of a stream that are not in the recording.</summary>
/// <param name="FromClient">They are the client's; false: the server's.</param>
/// <param name="Offset">How many bytes of that side are before them.</param>
/// <param name="Length">How many.</param>
public readonly record struct TranscriptGap(bool FromClient, long Offset, long Length);
