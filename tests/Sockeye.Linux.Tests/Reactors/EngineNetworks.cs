namespace Sockeye.Linux.Tests.Reactors;

/// <summary>The network of each engine.</summary>
internal static class EngineNetworks
{
    /// <summary>EPERM.</summary>
    private const int NotPermitted = 1;

    private static readonly RingSizes TinySizes = new(Submissions: 2, Completions: 2, Slots: 1);
    private static readonly RingSizes UsualSizes = RingSizes.Default with { Poisons = true };

    // In the long form faults come as thick as what tries again can bear.
    private static int AgainEvery => SoakLevel.Scale(shortValue: 3, longValue: 2);

    private static int ShortEvery => SoakLevel.Scale(shortValue: 5, longValue: 2);

    private static int CancelEvery => 2;

    /// <summary>Makes one, which waits in what it is to wait in: nothing else may take its place unnoticed.</summary>
    public static LinuxNetwork Open(this Engine engine, LinuxNetworkOptions options)
    {
        LinuxBackend asked = engine switch
        {
            Engine.IoUringBarred => LinuxBackend.Auto,
            Engine.Epoll or Engine.EpollAgain or Engine.EpollShort or Engine.EpollFaulty => LinuxBackend.Epoll,
            _ => LinuxBackend.IoUring,
        };
        LinuxNetwork network = new(options with { Backend = asked }, engine == Engine.TinyRings ? TinySizes : UsualSizes, engine.Faults());
        Assert.Equal(engine.IsRing() ? LinuxBackend.IoUring : LinuxBackend.Epoll, network.Backend);
        if (engine == Engine.IoUringBarred)
            Assert.Contains("this process may not", network.BackendReason, StringComparison.Ordinal);
        return network;
    }

    public static bool IsRing(this Engine engine) =>
        engine is Engine.IoUring or Engine.TinyRings or Engine.IoUringAgain or Engine.IoUringShort or Engine.IoUringCancelled or Engine.IoUringFaulty;

    /// <summary>Whether a receive or a send may move less than it could.</summary>
    public static bool IsShort(this Engine engine) => engine is Engine.EpollShort or Engine.EpollFaulty or Engine.IoUringShort or Engine.IoUringFaulty;

    private static ReactorFaults? Faults(this Engine engine) => engine switch
    {
        Engine.EpollAgain or Engine.IoUringAgain => new ReactorFaults { AgainEvery = AgainEvery },
        Engine.EpollShort or Engine.IoUringShort => new ReactorFaults { ShortEvery = ShortEvery },
        Engine.EpollFaulty => new ReactorFaults { AgainEvery = AgainEvery, ShortEvery = ShortEvery },
        Engine.IoUringCancelled => new ReactorFaults { CancelEvery = CancelEvery },
        Engine.IoUringFaulty => new ReactorFaults { AgainEvery = AgainEvery, ShortEvery = ShortEvery, CancelEvery = CancelEvery },
        Engine.IoUringBarred => new ReactorFaults { SetupErrno = NotPermitted },
        _ => null,
    };
}
