namespace Sockeye;

/// <summary>What a <see cref="LinuxNetwork"/> can be told.</summary>
public sealed record LinuxNetworkOptions
{
    internal static readonly LinuxNetworkOptions Default = new();

    /// <summary>What the reactors wait in. <see cref="LinuxBackend.Auto"/>.</summary>
    public LinuxBackend Backend { get; init; } = LinuxBackend.Auto;

    /// <summary>How many reactors there are, each a thread. As many as processors this process may use.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than one, or more than 1,024.</exception>
    public int ReactorCount
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1024);
            field = value;
        }
    } = Environment.ProcessorCount;

    /// <summary>The clock of every timer on the network; null for the system's.</summary>
    public TimeProvider? TimeProvider { get; init; }

    /// <summary>
    /// Whether a handler comes back to its reactor after every await, also of what is not a socket's. False: after a foreign await it is on the thread pool, until
    /// it next waits for its socket. True costs a <see cref="SynchronizationContext"/>, with which .NET queues each continuation instead of running it at once.
    /// </summary>
    public bool ResumeOnReactor { get; init; }

    /// <summary>How long a handler may keep its reactor to itself before <see cref="OnHeld"/> is told. 1 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than a millisecond, or over 24 days.</exception>
    public TimeSpan HeldTime
    {
        get;
        init
        {
            if (value < TimeSpan.FromMilliseconds(1) || value.TotalMilliseconds > int.MaxValue)
                throw new ArgumentOutOfRangeException(nameof(value), value, "HeldTime is from one millisecond to 24 days.");
            field = value;
        }
    } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Is told, once each time and on a thread of the pool, of a reactor (counted from 0) that a handler has kept for <see cref="HeldTime"/> or longer without awaiting: all
    /// its other connections wait meanwhile. Null for nobody.
    /// </summary>
    public Action<int>? OnHeld { get; init; }

    /// <summary>Is told what a callback threw that nobody else could catch: the reactor lives on. Null for nobody.</summary>
    public Action<Exception>? OnError { get; init; }
}
