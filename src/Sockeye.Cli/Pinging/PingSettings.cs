using System.Net.Sockets;

namespace Sockeye.Cli.Pinging;

/// <summary>How to ping.</summary>
internal sealed record PingSettings
{
    public static readonly TimeSpan IntervalDefault = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan TimeoutDefault = TimeSpan.FromSeconds(2);

    /// <summary>Unspecified: the families in the order in which the name resolves.</summary>
    public AddressFamily Family { get; init; }

    /// <summary>How many requests; null: until asked to stop.</summary>
    public int? Count { get; init; }

    /// <summary>From one request to the next.</summary>
    public TimeSpan Interval { get; init; } = IntervalDefault;

    /// <summary>How long an answer may take before it is called late, and how long the last one is waited for.</summary>
    public TimeSpan Timeout { get; init; } = TimeoutDefault;

    /// <summary>How long all of it may take.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>The requests.</summary>
    public IcmpEchoOptions Echo { get; init; } = new();
}
