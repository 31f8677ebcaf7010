namespace Sockeye.Bench;

/// <summary>The networks an echo server of Sockeye can run on.</summary>
internal static class EchoNetworks
{
    /// <exception cref="PlatformNotSupportedException">It cannot be had here: the message says why.</exception>
    public static Network Open(string name) => name switch
    {
        "host" => Network.Host,
        "linux-uring" => new LinuxNetwork(new LinuxNetworkOptions { Backend = LinuxBackend.IoUring }),
        "linux-epoll" => new LinuxNetwork(new LinuxNetworkOptions { Backend = LinuxBackend.Epoll }),
        _ => throw new ArgumentException($"no network {name}; there are host, linux-uring and linux-epoll"),
    };
}
