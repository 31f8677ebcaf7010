namespace Sockeye.AspNetCore.Tests;

/// <summary>The reactors.</summary>
public sealed class LinuxFixture(LinuxBackend backend) : NetworkFixture
{
    public override Network Network { get; } = new LinuxNetwork(new LinuxNetworkOptions { Backend = backend, ReactorCount = 2 });

    public override bool HasSockets => true;
}
