using Sockeye.Linux.Tests.Reactors;
using Sockeye.Tests.Conformance;

namespace Sockeye.Linux.Tests;

/// <summary>The reactors, in real time but for their timers, whose clock the test moves.</summary>
public sealed class LinuxFixture : HostFixture
{
    private readonly Engine _engine;

    public LinuxFixture(Engine engine)
        : base(clock => engine.Open(new LinuxNetworkOptions { ReactorCount = 2, TimeProvider = clock })) => _engine = engine;

    public override Feature Features => _engine.IsShort() ? base.Features & ~Feature.WholeWrites : base.Features;

    public override int ShardsPerEndPoint => 2;
}
