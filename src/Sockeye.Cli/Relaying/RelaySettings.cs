namespace Sockeye.Cli.Relaying;

/// <summary>What the options of <c>sockeye relay</c> say.</summary>
internal sealed record RelaySettings
{
    public static readonly TimeSpan ConnectTimeoutDefault = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan DrainTimeoutDefault = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan DatagramIdleTimeoutDefault = TimeSpan.FromSeconds(60);

    /// <summary>The most connections, or senders of datagrams, at a time; null for the library's own.</summary>
    public int? Limit { get; init; }

    public int? LimitPerAddress { get; init; }

    public TimeSpan? IdleTimeout { get; init; }

    public TimeSpan ConnectTimeout { get; init; } = ConnectTimeoutDefault;

    public TimeSpan DrainTimeout { get; init; } = DrainTimeoutDefault;
}
