namespace Sockeye.Linux.Tests.Reactors;

/// <summary>What the reactors wait in.</summary>
public enum Engine
{
    Epoll,
    IoUring,

    /// <summary>io_uring with two requests, two completions and one slot: always too few.</summary>
    TinyRings,
}
