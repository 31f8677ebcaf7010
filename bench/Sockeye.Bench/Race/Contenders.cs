using System.Diagnostics;

namespace Sockeye.Bench.Race;

/// <summary>All who can take part. One more is one more entry.</summary>
internal static class Contenders
{
    private static readonly string[] Everything = ["tcp", "unix", "udp"];

    public static readonly Contender[] All =
    [
        Sockeye("host"),
        new EchoContender("socket", Everything, (_, place) => Own(place, "socket"), IsOurs: true),
        new EchoContender("socket-inline", Everything, (_, place) => Inline(Own(place, "socket")), IsOurs: true),
        new EchoContender("kestrel", ["tcp", "unix", "http"], (_, place) => Own(place, "kestrel"), IsOurs: true),
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
    private static EchoContender Sockeye(string network) => new(network, Everything, (_, place) => Own(place, "sockeye", "--network", network), IsOurs: true);

    private static ProcessStartInfo Own(EchoPlace place, params string[] kind) => new(Environment.ProcessPath!, ["server", .. kind, .. place.ToArguments()]);

    /// <summary>Has System.Net.Sockets run continuations where it learns of completions, without the pool.</summary>
    private static ProcessStartInfo Inline(ProcessStartInfo start)
    {
        start.Environment["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1";
        return start;
    }
}
