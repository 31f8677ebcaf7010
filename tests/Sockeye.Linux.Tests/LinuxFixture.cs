using Sockeye.Tests.Conformance;

namespace Sockeye.Linux.Tests;

/// <summary>The reactors, in real time but for their timers, whose clock the test moves.</summary>
public sealed class LinuxFixture : HostFixture
{
    private readonly bool _cutsWrites;

    public LinuxFixture(LinuxBackend backend)
        : base(clock => new LinuxNetwork(Options(backend, clock)))
    {
    }

    internal LinuxFixture(RingSizes sizes)
        : base(clock => new LinuxNetwork(Options(LinuxBackend.IoUring, clock), sizes, faults: null))
    {
    }

    internal LinuxFixture(LinuxBackend backend, ReactorFaults faults)
        : base(clock => new LinuxNetwork(Options(backend, clock), RingSizes.Default, faults)) =>
        _cutsWrites = faults.ShortEvery > 0;

    public override Feature Features => _cutsWrites ? base.Features & ~Feature.WholeWrites : base.Features;

    public override int ShardsPerEndPoint => 2;

    private static LinuxNetworkOptions Options(LinuxBackend backend, TimeProvider clock) =>
        new() { Backend = backend, ReactorCount = 2, TimeProvider = clock };
}
