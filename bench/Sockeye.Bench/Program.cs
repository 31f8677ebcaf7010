using Sockeye.Bench;

// bench/idle and bench/echo start this; the other modes are the processes these two start in turn.
return args switch
{
    ["idle", .. var rest] => await IdleBench.RunAsync(Settings.Parse(rest)),
    ["echo", .. var rest] => await EchoBench.RunAsync(Settings.Parse(rest)),
    ["server", var kind] => await ServerProcess.RunAsync(kind),
    ["client", var mode, var port, .. var rest] => await ClientProcess.RunAsync(mode, int.Parse(port), Settings.Parse(rest)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Sockeye.Bench idle|echo [--connections N] [--messages N] [--size BYTES] [--rounds N]");
    return 2;
}
