namespace Sockeye.AspNetCore.Tests;

/// <summary>A network in memory.</summary>
public sealed class MemoryFixture : NetworkFixture
{
    public override Network Network { get; } = new MemoryNetwork();

    public override bool HasSockets => false;
}
