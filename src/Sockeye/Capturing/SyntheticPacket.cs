namespace Sockeye;

/// <summary>A packet that never crossed an interface: made from what a socket did.</summary>
internal readonly ref struct SyntheticPacket
{
    /// <summary>When the socket did it.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The observed socket sent it, not its peer.</summary>
    public required bool IsOutbound { get; init; }

    /// <summary>The packet from its IP header on.</summary>
    public required ReadOnlySpan<byte> Bytes { get; init; }

    /// <summary>What else is to be said about it.</summary>
    public ReadOnlySpan<string> Comments { get; init; }
}
