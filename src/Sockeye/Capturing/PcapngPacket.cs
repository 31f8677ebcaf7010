namespace Sockeye;

/// <summary>A packet block of pcapng, seen in its bytes.</summary>
internal readonly ref struct PcapngPacket
{
    /// <summary>Its interface.</summary>
    public required PcapInterface Source { get; init; }

    /// <summary>Its time, in the interface's units.</summary>
    public required ulong Time { get; init; }

    /// <summary>What was captured.</summary>
    public required ReadOnlySpan<byte> Bytes { get; init; }

    /// <summary>How long it was.</summary>
    public required uint Length { get; init; }

    /// <summary>Its direction, if told.</summary>
    public bool? IsOutbound { get; init; }

    /// <summary>Its comments, if any.</summary>
    public List<string>? Comments { get; init; }
}
