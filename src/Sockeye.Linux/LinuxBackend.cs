namespace Sockeye;

/// <summary>What a <see cref="LinuxNetwork"/>'s reactors wait in.</summary>
public enum LinuxBackend
{
    /// <summary>io_uring where the kernel has what is needed and lets this process use it; else epoll.</summary>
    Auto,

    /// <summary>epoll(7): on every Linux, in every container.</summary>
    Epoll,

    /// <summary>io_uring(7), from Linux 6.1.</summary>
    IoUring,
}
