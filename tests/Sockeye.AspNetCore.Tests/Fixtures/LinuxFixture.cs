namespace Sockeye.AspNetCore.Tests;

/// <summary>The reactors.</summary>
/// <param name="backend">What they wait in.</param>
/// <param name="runsInline">Whether the application runs on them.</param>
public sealed class LinuxFixture(LinuxBackend backend, bool runsInline = false) : NetworkFixture
{
    public override Network Network { get; } = new LinuxNetwork(new LinuxNetworkOptions { Backend = backend, ReactorCount = 2 });

    public override bool HasSockets => true;

    public override bool RunsInline => runsInline;
}
