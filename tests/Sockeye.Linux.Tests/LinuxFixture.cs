using Sockeye.Tests.Conformance;

namespace Sockeye.Linux.Tests;

/// <summary>The reactors, in real time but for their timers, whose clock the test moves.</summary>
public sealed class LinuxFixture(LinuxBackend backend)
    : HostFixture(clock => new LinuxNetwork(new LinuxNetworkOptions { Backend = backend, ReactorCount = 2, TimeProvider = clock }))
{
    public override int ShardsPerEndPoint => 2;
}
