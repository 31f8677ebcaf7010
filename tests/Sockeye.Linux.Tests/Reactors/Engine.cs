namespace Sockeye.Linux.Tests.Reactors;

/// <summary>What the reactors wait in, and what the kernel is made to do there that it does seldom.</summary>
public enum Engine
{
    Epoll,
    IoUring,

    /// <summary>io_uring with two requests, two completions and one slot: always too few.</summary>
    TinyRings,

    /// <summary>Calls are told to try later.</summary>
    EpollAgain,

    /// <summary>Calls move one byte.</summary>
    EpollShort,

    /// <summary>Both by turns.</summary>
    EpollFaulty,

    /// <inheritdoc cref="EpollAgain"/>
    IoUringAgain,

    /// <inheritdoc cref="EpollShort"/>
    IoUringShort,

    /// <summary>Requests are cancelled.</summary>
    IoUringCancelled,

    /// <summary>All three by turns.</summary>
    IoUringFaulty,

    /// <summary>The process may not set io_uring up, as in most containers, and nobody has asked for it.</summary>
    IoUringBarred,
}
