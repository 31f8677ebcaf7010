namespace Sockeye.Tests.Serving;

/// <summary>The operating system's. The server's clock may stand; the clients' is the system's.</summary>
public sealed class HostServing : ServingNetwork
{
    public override Network ServerOn(TimeProvider? clock) => clock is null ? Network.Host : new HostNetwork(clock);

    public override Network ClientOf(Network server) => Network.Host;

    public override string PathIn(string folder) => $"{folder}/server.sock";
}
