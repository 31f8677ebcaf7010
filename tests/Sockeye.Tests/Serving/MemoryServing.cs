using Sockeye.Tests.Time;

namespace Sockeye.Tests.Serving;

/// <summary>In memory: server and clients have one network, and one clock.</summary>
public sealed class MemoryServing : ServingNetwork
{
    public override Network ServerOn(TimeProvider? clock) => new MemoryNetwork(clock ?? new ManualTimeProvider());

    public override Network ClientOf(Network server) => server;

    public override string PathIn(string folder) => "/server.sock";
}
