using System.Diagnostics;

namespace Sockeye.Bench.Race;

/// <summary>All who can take part. One more is one more entry.</summary>
internal static class Contenders
{
    private static readonly string[] Everything = ["tcp", "unix", "udp"];

    public static readonly Contender[] All =
    [
        Sockeye("linux-uring", isEverywhere: false),
        Sockeye("linux-epoll"),
        Sockeye("host"),
        Managed("socket", Everything, place => Own(place, "socket")),
        Managed("socket-inline", Everything, place => Inline(Own(place, "socket"))),
        Kestrel("kestrel", "own"),
        Kestrel("kestrel-inline", "own-inline"),
        Kestrel("kestrel-uring", "linux-uring", isEverywhere: false),
        Kestrel("kestrel-uring-inline", "linux-uring-inline", isEverywhere: false),
        Kestrel("kestrel-epoll", "linux-epoll"),
        Kestrel("kestrel-epoll-inline", "linux-epoll-inline"),
        new EchoContender("c-epoll", Everything, (programs, place) => new(programs.InC("echo-epoll"), place.ToArguments())),
        new EchoContender("c-liburing", Everything, (programs, place) => new(programs.InC("echo-uring"), place.ToArguments())),
        new EchoContender("go", Everything, (programs, place) => new(programs.InGo("echo-go"), place.ToArguments())),
        new EchoContender("asyncio", Everything, (_, place) => PeerPrograms.InPython("asyncio", place)),
        new EchoContender("uvloop", Everything, (_, place) => PeerPrograms.InPython("uvloop", place)),
        new RelayContender("sockeye-relay", "sockeye"),
        new RelayContender("haproxy", "haproxy", "haproxy"),
        new RelayContender("nginx", "nginx", "nginx", "nginx's stream module"),
        new RelayContender("socat", "socat-large", "socat"),
    ];

    /// <summary>Sockeye's echo server on one of its networks.</summary>
    private static EchoContender Sockeye(string network, bool isEverywhere = true) =>
        Managed(network, Everything, place => Own(place, "sockeye", "--network", network), isEverywhere);

    /// <summary>Kestrel on one of <see cref="KestrelTransports"/>. Inline means inline all the way down, as those have it who want the most of Kestrel.</summary>
    private static EchoContender Kestrel(string name, string transport, bool isEverywhere = true) =>
        Managed(name, ["tcp", "unix", "http"], place => transport == "own-inline" ? Inline(Own(place, "kestrel", transport)) : Own(place, "kestrel", transport), isEverywhere);

    private static EchoContender Managed(string name, string[] schemes, Func<EchoPlace, ProcessStartInfo> command, bool isEverywhere = true) =>
        new(name, schemes, (_, place) => command(place)) { IsManaged = true, IsEverywhere = isEverywhere };

    private static ProcessStartInfo Own(EchoPlace place, params string[] kind) => new(Environment.ProcessPath!, ["server", .. kind, .. place.ToArguments()]);

    /// <summary>Has System.Net.Sockets run continuations where it learns of completions, without the pool.</summary>
    private static ProcessStartInfo Inline(ProcessStartInfo start)
    {
        start.Environment["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1";
        return start;
    }
}
