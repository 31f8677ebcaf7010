namespace Sockeye.Tests.Serving;

/// <summary>Tests of serving that hold on every network: a class of tests is abstract, and each network derives from it once.</summary>
public abstract class ServingTests(ServingNetwork network)
{
    private protected ServingNetwork Networks => network;

    private protected async Task<RunningServer> StartAsync(
        Handler handler, ServerOptions? options = null, string address = "tcp://127.0.0.1:0", TimeProvider? clock = null)
    {
        Network server = network.ServerOn(clock);
        return new RunningServer(await server.ListenAsync(address), handler, options, network.ClientOf(server));
    }

    private protected async Task<RunningDatagramServer> StartDatagramsAsync(
        DatagramHandler handler, DatagramServerOptions? options = null, string address = "udp://127.0.0.1:0", TimeProvider? clock = null)
    {
        Network server = network.ServerOn(clock);
        return new RunningDatagramServer(await server.OpenDatagramAsync(address), handler, options, network.ClientOf(server));
    }
}
