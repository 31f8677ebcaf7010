using System.Net.Sockets;
using FsCheck;
using FsCheck.Fluent;

namespace Sockeye.Tests.Sockets;

/// <summary>Who is woken, and that nobody who should be is not.</summary>
public class SocketReadinessTests
{
    private const SocketEvents Readable = SocketEvents.Readable;
    private const SocketEvents Writable = SocketEvents.Writable;

    private readonly SocketReadiness _readiness = new(inline: true);

    [Fact]
    public void A_signal_wakes_all_who_wait_for_it_and_nobody_else()
    {
        Task<bool> one = Wait(Readable), two = Wait(Readable), both = Wait(Readable | Writable), other = Wait(Writable);

        _readiness.Signal(Readable);

        Assert.True(one is { IsCompletedSuccessfully: true, Result: true });
        Assert.True(two is { IsCompletedSuccessfully: true, Result: true });
        Assert.True(both is { IsCompletedSuccessfully: true, Result: true });
        Assert.False(other.IsCompleted);
    }

    [Fact]
    public void A_signal_between_a_try_and_its_wait_ends_the_wait_of_each_who_tried()
    {
        uint one = _readiness.Epoch(Writable), two = _readiness.Epoch(Writable);

        _readiness.Signal(Writable);

        Assert.True(Wait(Writable, one).IsCompleted);
        Assert.True(Wait(Writable, two).IsCompleted);
    }

    [Fact]
    public void A_cancelled_wait_takes_no_signal_from_another()
    {
        uint epoch = _readiness.Epoch(Readable);
        using CancellationTokenSource cancel = new();
        Task<bool> polling = _readiness.WaitAsync(Readable, epoch, timeout: null, TimeProvider.System, cancel.Token).AsTask();

        // The poll is woken, or cancelled: the receive that tried before the signal is not to know.
        _readiness.Signal(Readable);
        cancel.Cancel();

        Assert.True(polling.IsCompleted);
        Assert.True(Wait(Readable, epoch).IsCompleted);
    }

    [Fact]
    public void A_signal_before_the_try_ends_no_wait()
    {
        _readiness.Signal(Readable);

        Assert.False(Wait(Readable).IsCompleted);
    }

    [Fact]
    public void A_signal_for_the_other_direction_ends_no_wait()
    {
        uint epoch = _readiness.Epoch(Readable);

        _readiness.Signal(Writable | SocketEvents.Priority);

        Assert.False(Wait(Readable, epoch).IsCompleted);
    }

    [Theory]
    [InlineData(SocketEvents.None)]
    [InlineData(SocketEvents.Readable)]
    [InlineData(SocketEvents.Writable)]
    [InlineData(SocketEvents.Priority)]
    public void Errors_and_hang_ups_end_every_wait(SocketEvents events)
    {
        foreach (SocketEvents failure in new[] { SocketEvents.Error, SocketEvents.HangUp })
        {
            uint epoch = _readiness.Epoch(events);
            Task<bool> waiting = Wait(events);
            Assert.False(waiting.IsCompleted);
            _readiness.Signal(failure);
            Assert.True(waiting.IsCompleted);
            Assert.True(Wait(events, epoch).IsCompleted);
        }
    }

    [Fact]
    public async Task Closing_ends_every_wait()
    {
        Task<bool> waiting = Wait(Readable);

        _readiness.Close();

        await Assert.ThrowsAsync<SocketException>(async () => await waiting);
        await Assert.ThrowsAsync<SocketException>(async () => await Wait(Writable));
    }

    /// <summary>
    /// Callers that share a direction, tokens that come one by one, signals between any two steps: when all has come to rest nobody waits while a
    /// token is there.
    /// </summary>
    [Fact]
    public void In_any_order_of_steps_nobody_waits_for_what_is_there()
    {
        Prop.ForAll(Gen.Choose(0, 6).ArrayOf(60).ToArbitrary(), steps =>
        {
            Supply supply = new();
            Caller[] callers = [new(supply), new(supply), new(supply)];
            foreach (int step in steps)
            {
                if (step < 6)
                    callers[step % 3].Step();
                else
                    supply.Add();
            }

            while (Array.Exists(callers, caller => !caller.IsWaiting))
            {
                foreach (Caller caller in callers)
                    caller.Step();
            }

            return supply.Tokens == 0;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithQuietOnSuccess(true));
    }

    /// <summary>
    /// Two wait at a time, one who is resumed itself, again and again, and one who awaits; a second thread signals, cancels and closes as it comes, and the time passes. Each
    /// wait ends, once, and for a reason that there is.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Whatever_ends_a_wait_and_however_late_it_ends_once(bool inline) => Task.Factory.StartNew(
        () =>
        {
            using ReadinessRace race = new(inline);
            Thread ending = new(race.End) { IsBackground = true };
            ending.Start();
            try
            {
                for (int round = 0; round < 3000; round++)
                    race.Run(hasTimeout: round % 3 == 0);
            }
            finally
            {
                race.Stop();
                ending.Join();
            }

            race.Check();
        },
        TestContext.Current.CancellationToken,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private Task<bool> Wait(SocketEvents events) => Wait(events, _readiness.Epoch(events));

    private Task<bool> Wait(SocketEvents events, uint epoch) =>
        _readiness.WaitAsync(events, epoch, timeout: null, TimeProvider.System, TestContext.Current.CancellationToken).AsTask();

    /// <summary>What a kernel holds: bytes, or room for them.</summary>
    private sealed class Supply
    {
        public SocketReadiness Readiness { get; } = new(inline: true);

        public int Tokens { get; private set; }

        public void Add()
        {
            Tokens++;
            Readiness.Signal(Writable);
        }

        public bool TryTake()
        {
            if (Tokens == 0)
                return false;
            Tokens--;
            return true;
        }
    }

    /// <summary>Takes tokens for ever, in the three steps that every call of a socket has.</summary>
    private sealed class Caller(Supply supply)
    {
        private int _next;
        private uint _epoch;
        private Task<bool>? _wait;

        public bool IsWaiting => _wait is { IsCompleted: false };

        public void Step()
        {
            switch (_next)
            {
                case 0:
                    _epoch = supply.Readiness.Epoch(Writable);
                    _next = 1;
                    break;
                case 1:
                    _next = supply.TryTake() ? 0 : 2;
                    break;
                case 2:
                    _wait = supply.Readiness.WaitAsync(Writable, _epoch, timeout: null, TimeProvider.System, CancellationToken.None).AsTask();
                    _next = 3;
                    break;
                case 3 when _wait is { IsCompleted: true }:
                    Assert.True(_wait.IsCompletedSuccessfully);
                    _next = 0;
                    break;
                default:
                    break;
            }
        }
    }
}
