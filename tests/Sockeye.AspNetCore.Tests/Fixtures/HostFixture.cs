namespace Sockeye.AspNetCore.Tests;

/// <summary>The operating system's network.</summary>
public sealed class HostFixture : NetworkFixture
{
    public override Network Network => Network.Host;

    public override bool HasSockets => true;
}
