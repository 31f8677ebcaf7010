using Sockeye.Bench;

// bench/idle, bench/echo and bench/stop start this; the other modes are the processes these start in turn.
return args switch
{
    ["idle", .. var rest] => await IdleBench.RunAsync(Settings.Parse(rest)),
    ["echo", .. var rest] => await EchoBench.RunAsync(Settings.Parse(rest)),
    ["stop", .. var rest] => await StopBench.RunAsync(Settings.Parse(rest)),
    ["server", var kind] => await ServerProcess.RunAsync(kind),
    ["client", var mode, var port, .. var rest] => await ClientProcess.RunAsync(mode, int.Parse(port), Settings.Parse(rest)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Sockeye.Bench idle|echo|stop [--connections N] [--messages N] [--size BYTES] [--rounds N]");
    return 2;
}
