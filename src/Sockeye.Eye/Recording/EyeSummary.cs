using System.Net.Sockets;

namespace Sockeye.Eye.Recording;

/// <summary>A conversation's line in the list, as it was at a moment.</summary>
internal sealed record EyeSummary(long Number, SocketType Type, string? Client, string? Door, string? Server, bool IsRelayed, TimeSpan StartedAt, TimeSpan? EndedAt, EyeState State)
{
    public string? Layer { get; init; }

    public long Up { get; init; }

    public long Down { get; init; }

    public TcpInfo? ClientTcp { get; init; }

    public TcpInfo? ServerTcp { get; init; }

    public int FirstEvent { get; init; }

    public int EventCount { get; init; }

    public long[] Rate { get; init; } = [];

    public long RateSecond { get; init; }

    /// <summary>Whether bytes are told of both where they came in and where they went out.</summary>
    public bool HasBothSides { get; init; }
}
