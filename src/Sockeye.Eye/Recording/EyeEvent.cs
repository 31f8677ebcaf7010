using Sockeye.Eye.Masking.WebSockets;

namespace Sockeye.Eye.Recording;

/// <summary>An event as it is kept. What was said is masked; it is not kept again of a repeat, whose bytes are those of its source.</summary>
/// <param name="Index">Counted from 0 in its conversation; the number stays when older ones leave.</param>
/// <param name="At">Since the recorder began.</param>
/// <param name="Kind">What happened.</param>
/// <param name="FromClient">The direction.</param>
/// <param name="AtSource">Whether it was seen where the bytes came from.</param>
internal sealed record EyeEvent(int Index, TimeSpan At, ConversationEventKind Kind, bool FromClient, bool AtSource)
{
    /// <summary>The memory that an event takes without its bytes, roughly.</summary>
    public const int OverheadBytes = 160;

    public bool IsRepeat { get; init; }

    public long Offset { get; init; }

    public long Length { get; init; }

    public byte[] Data { get; init; } = [];

    /// <summary>How many of the bytes are masked.</summary>
    public int Masked { get; init; }

    /// <summary>Those of the bytes that were XORed on the wire, as a WebSocket's client does, and are not here; in order.</summary>
    public XorRange[] Unmasked { get; init; } = [];

    public TimeSpan Duration { get; init; }

    /// <summary>Where it connects to, what was agreed on, why it failed.</summary>
    public string? Text { get; init; }

    public int Cost => OverheadBytes + Data.Length + (Unmasked.Length * XorRange.Bytes);

    /// <summary>The bytes as they were on the wire, but for what is masked.</summary>
    public byte[] OnTheWire()
    {
        if (Unmasked.Length == 0)
            return Data;
        byte[] data = [.. Data];
        foreach (XorRange range in Unmasked)
            range.Apply(data);
        return data;
    }
}
