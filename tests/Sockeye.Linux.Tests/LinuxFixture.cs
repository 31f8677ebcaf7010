using Sockeye.Tests.Conformance;

namespace Sockeye.Linux.Tests;

/// <summary>The reactors, in real time but for their timers, whose clock the test moves.</summary>
public sealed class LinuxFixture : HostFixture
{
    public LinuxFixture(LinuxBackend backend)
        : base(clock => new LinuxNetwork(Options(backend, clock)))
    {
    }

    internal LinuxFixture(RingSizes sizes)
        : base(clock => new LinuxNetwork(Options(LinuxBackend.IoUring, clock), sizes))
    {
    }

    public override int ShardsPerEndPoint => 2;

    private static LinuxNetworkOptions Options(LinuxBackend backend, TimeProvider clock) =>
        new() { Backend = backend, ReactorCount = 2, TimeProvider = clock };
}
