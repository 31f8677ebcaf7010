using Sockeye.Tests.Conformance;
using Sockeye.Tests.Time;

namespace Sockeye.Linux.Tests.Reactors;

/// <summary>A handler that keeps its reactor to itself is told of; the other reactors, and all plain calls, go on.</summary>
public abstract class HeldTests(Engine engine) : ReactorTests(engine)
{
    private static readonly TimeSpan HeldTime = TimeSpan.FromSeconds(3);

    private readonly ManualTimeProvider _clock = new();
    private readonly List<int> _told = [];

    private LinuxNetworkOptions Options => new() { TimeProvider = _clock, HeldTime = HeldTime, OnHeld = _told.Add };

    [Fact]
    public Task A_hold_is_told_of_once() => RunAsync(async () =>
    {
        // Sockets go round: the two are on different reactors.
        (NetworkSocket one, NetworkSocket other) = Open(reactors: 2, Options).CreatePair();
        foreach (NetworkSocket socket in new[] { one, other, one })
        {
            _told.Clear();
            HeldReactor held = await HoldAsync(socket);
            using (held)
            {
                _clock.Advance(HeldTime);
                _clock.Advance(HeldTime);
                Assert.Equal([ReactorOf(socket)], _told);
                _clock.Advance(20 * HeldTime);
                Assert.Equal([ReactorOf(socket)], _told);
            }

            await held.Left;
        }

        one.Dispose();
        other.Dispose();
    });

    [Fact]
    public Task A_hold_is_not_told_of_before_its_time() => RunAsync(async () =>
    {
        (NetworkSocket one, NetworkSocket other) = Open(reactors: 2, Options).CreatePair();
        _clock.Advance(HeldTime - TimeSpan.FromMilliseconds(1));
        using HeldReactor held = await HoldAsync(one);
        _clock.Advance(HeldTime - TimeSpan.FromMilliseconds(1));
        Assert.Empty(_told);
        other.Dispose();
    });

    [Fact]
    public Task Short_turns_are_not_told_of_however_many_they_are() => RunAsync(async () =>
    {
        (NetworkSocket one, NetworkSocket other) = Open(reactors: 2, Options).CreatePair();
        for (int i = 0; i < 50; i++)
        {
            // Each look finds the reactor at work, on something else than at the look before.
            HeldReactor held = await HoldAsync(one);
            _clock.Advance(HeldTime);
            held.Dispose();
            await held.Left;
        }

        _clock.Advance(10 * HeldTime);
        Assert.Empty(_told);
        other.Dispose();
    });

    [Fact]
    public Task While_one_reactor_is_held_the_others_go_on() => RunAsync(async () =>
    {
        LinuxNetwork network = Open(reactors: 2);
        (NetworkSocket one, NetworkSocket other) = network.CreatePair();
        Assert.NotEqual(ReactorOf(one), ReactorOf(other));
        using HeldReactor held = await HoldAsync(one);
        for (int i = 0; i < 100; i++)
        {
            Task<string> receiving = other.ReceiveTextAsync().AsTask();
            Assert.False(receiving.IsCompleted);
            one.Send("x"u8);
            Assert.Equal("x", await receiving);
        }

        await StartOn(other, () => Task.CompletedTask);
        Assert.False(held.Left.IsCompleted);
    });

    [Fact]
    public Task What_is_told_may_fail() => RunAsync(async () =>
    {
        List<Exception> errors = [];
        InvalidOperationException failure = new("OnHeld's own");
        LinuxNetwork network = Open(options: Options with { OnHeld = _ => throw failure, OnError = errors.Add });
        using NetworkSocket socket = network.CreatePair().First;
        using HeldReactor held = await HoldAsync(socket);
        _clock.Advance(5 * HeldTime);
        Assert.Equal([failure], errors);
    });
}
