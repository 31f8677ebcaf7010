using Sockeye.Tests.Time;

namespace Sockeye.Tests.Serving;

/// <summary>The operating system's. The server's clock may stand; the clients' always does, so that no slow machine lets them race for a second address.</summary>
public sealed class HostServing : ServingNetwork
{
    private static readonly HostNetwork Clients = new(new ManualTimeProvider());

    public override Network ServerOn(TimeProvider? clock) => clock is null ? Network.Host : new HostNetwork(clock);

    public override Network ClientOf(Network server) => Clients;

    public override string PathIn(string folder) => $"{folder}/server.sock";
}
