using Sockeye.Tests.Time;

namespace Sockeye.Tests.Serving;

/// <summary>The operating system's, but for the clocks. They stand unless the test moves them: no timeout ends what a slow machine is about to do.</summary>
public sealed class HostServing : ServingNetwork
{
    private static readonly HostNetwork Clients = new(new ManualTimeProvider());

    public override Network ServerOn(TimeProvider? clock) => new HostNetwork(clock ?? new ManualTimeProvider());

    public override Network ClientOf(Network server) => Clients;

    public override string PathIn(string folder) => $"{folder}/server.sock";
}
