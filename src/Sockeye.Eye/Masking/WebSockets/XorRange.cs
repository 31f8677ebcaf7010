namespace Sockeye.Eye.Masking.WebSockets;

/// <summary>Bytes of an event that are kept unmasked: on the wire each is XOR the key (RFC 6455, 5.3).</summary>
/// <param name="Start">The first, in the event.</param>
/// <param name="Length">How many.</param>
/// <param name="Key">Turned so that its first byte is the one for the first.</param>
internal readonly record struct XorRange(int Start, int Length, uint Key)
{
    /// <summary>The memory that one takes.</summary>
    public const int Bytes = 12;

    /// <summary>Masks these bytes of an event, or unmasks them.</summary>
    public void Apply(Span<byte> data)
    {
        Span<byte> bytes = data.Slice(Start, Length);
        WebSocketMask.Apply(bytes, bytes, Key, 0);
    }
}
