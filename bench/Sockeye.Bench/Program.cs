using Sockeye.Bench;
using Sockeye.Bench.Hub;
using Sockeye.Bench.Race;

// bench/idle, bench/echo, bench/stop, bench/relay, bench/tap, bench/hub and bench/race start this; the other modes are the processes these start in turn.
return args switch
{
    ["idle", .. var rest] => await IdleBench.RunAsync(Settings.Parse(rest)),
    ["echo", .. var rest] => await EchoBench.RunAsync(Settings.Parse(rest)),
    ["stop", .. var rest] => await StopBench.RunAsync(Settings.Parse(rest)),
    ["relay", .. var rest] => await RelayBench.RunAsync(Settings.Parse(rest)),
    ["tap", .. var rest] => await RelayBench.RunTapAsync(Settings.Parse(rest)),
    ["relay-target"] => await RelayLoad.TargetAsync(),
    ["relay-client", var port, .. var rest] => await RelayLoad.ClientAsync(int.Parse(port), Settings.Parse(rest)),
    ["eof", var sockeye] => await EofBench.RunAsync(sockeye),
    ["hub", "store", .. var rest] => await HubStoreBench.RunAsync(Settings.Parse(rest)),
    ["hub", "idle", .. var rest] => await HubIdleBench.RunAsync(Settings.Parse(rest)),
    ["hub", "fanout", .. var rest] => await HubFanoutBench.RunAsync(Settings.Parse(rest)),
    ["hub", "join", .. var rest] => await HubJoinBench.RunAsync(Settings.Parse(rest)),
    ["hub-server", var kind, var folder, .. var tls] => await HubServerProcess.RunAsync(kind, folder, tls),
    ["hub-load", var port, var protocol, var transport, var enterAtATime, var name] => await HubLoad.RunAsync(port, protocol, transport, enterAtATime, name),
    ["race", .. var rest] => RaceCommand.Run(rest),
    ["server", "sockeye", "--network", var network, .. var place] => await ServerProcess.RunAsync(() => EchoServers.StartSockeyeAsync(EchoNetworks.Open(network), EchoPlace.Parse(place))),
    ["server", "kestrel", var transport, .. var place] => await ServerProcess.RunAsync(() => KestrelEcho.StartAsync(transport, EchoPlace.Parse(place))),
    ["server", var kind, .. var place] => await ServerProcess.RunAsync(() => EchoServers.StartAsync(kind, EchoPlace.Parse(place))),
    ["client", var mode, var port, .. var rest] => await ClientProcess.RunAsync(mode, int.Parse(port), Settings.Parse(rest)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Sockeye.Bench idle|echo|stop|relay|tap|hub store|hub idle|hub fanout|hub join|race [--connections N] [--messages N] [--size BYTES] [--rounds N]");
    return 2;
}
