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
        Stock("socket", Everything, place => Own(place, "socket")),
        Stock("socket-inline", Everything, place => Inline(Own(place, "socket"))),
        Stock("kestrel", ["tcp", "unix", "http"], place => Own(place, "kestrel")),
        new EchoContender("c-epoll", Everything, (programs, place) => new(programs.InC("echo-epoll"), place.ToArguments())),
        new EchoContender("c-liburing", Everything, (programs, place) => new(programs.InC("echo-uring"), place.ToArguments())),
        new EchoContender("go", Everything, (programs, place) => new(programs.InGo("echo-go"), place.ToArguments())),
        new EchoContender("asyncio", Everything, (_, place) => PeerPrograms.InPython("asyncio", place)),
        new EchoContender("uvloop", Everything, (_, place) => PeerPrograms.InPython("uvloop", place)),
        new RelayContender("sockeye-relay", "sockeye"),
        new RelayContender("haproxy", "haproxy"),
        new RelayContender("nginx", "nginx"),
        new RelayContender("socat", "socat"),
    ];

    /// <summary>Sockeye's echo server on one of its networks.</summary>
    private static EchoContender Sockeye(string network, bool isEverywhere = true) =>
        new(network, Everything, (_, place) => Own(place, "sockeye", "--network", network)) { IsManaged = true, IsEverywhere = isEverywhere };

    private static EchoContender Stock(string name, string[] schemes, Func<EchoPlace, ProcessStartInfo> command) =>
        new(name, schemes, (_, place) => command(place)) { IsManaged = true, IsEverywhere = true };

    private static ProcessStartInfo Own(EchoPlace place, params string[] kind) => new(Environment.ProcessPath!, ["server", .. kind, .. place.ToArguments()]);

    /// <summary>Has System.Net.Sockets run continuations where it learns of completions, without the pool.</summary>
    private static ProcessStartInfo Inline(ProcessStartInfo start)
    {
        start.Environment["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1";
        return start;
    }
}
