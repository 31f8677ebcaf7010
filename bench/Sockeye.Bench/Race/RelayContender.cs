using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Sockeye.Bench.Race;

/// <summary>A relay before an echo server in C, which shares the generator's core.</summary>
/// <param name="Kind">As <see cref="RelayPeers"/> calls it.</param>
/// <param name="Tools">What must be installed for it.</param>
internal sealed record RelayContender(string Name, string Kind, params string[] Tools) : Contender(Name, "relay")
{
    public override RaceServer Start(Workload workload, PeerPrograms programs, Cores? cores)
    {
        Tool.Require(Tools);
        ProcessStartInfo start = new(programs.InC("echo-epoll"), ["tcp", $"{workload.Size}"]);
        if (cores is not null)
            Cores.Pin(start, cores.Load);
        Child target = new(start);
        try
        {
            int port = int.Parse(target.ReadLine(), CultureInfo.InvariantCulture);
            RelayPeers relay = RelayPeers.Start(Kind, port, prepare => Pin(prepare, cores), workers: "1") ?? throw new LeftOutException($"{Kind} is not installed");
            return new RaceServer(relay.ProcessId, $"{relay.Port}", null, [relay, target], helper: target.Id);
        }
        catch (Exception e)
        {
            target.Dispose();
            if (e is SocketException)
                throw new LeftOutException("it does not listen");
            throw;
        }
    }

    private static void Pin(ProcessStartInfo start, Cores? cores)
    {
        if (cores is not null)
            Cores.Pin(start, cores.Server);
    }
}
