using System.Text;
using Sockeye.Cli.Output;

namespace Sockeye.Cli.Tests.Output;

public class EventLogTests
{
    [Fact]
    public async Task Events_are_written_in_order_and_the_end_waits_for_them()
    {
        Lines lines = new();
        await using (EventLog log = new(lines, new TextFormat(() => 80), TimeProvider.System))
        {
            for (int i = 0; i < 1000; i++)
                log.Write(Notice(i));
        }

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"{i}"), lines.All);
    }

    [Fact]
    public async Task An_output_that_stands_still_holds_nobody_up_and_is_told_what_it_lost()
    {
        using ManualResetEventSlim gate = new();
        GatedLines lines = new(gate);
        await using (EventLog log = new(lines, new TextFormat(() => 80), TimeProvider.System))
        {
            for (int i = 0; i < EventLog.WaitingMax + 5000; i++)
                log.Write(Notice(i));
            gate.Set();
            Assert.Contains("lines left out", await lines.Inner.FindAsync("left out"), StringComparison.Ordinal);
        }

        int written = lines.Inner.All.Count(line => int.TryParse(line, out _));
        int lost = lines.Inner.All.Where(line => line.Contains("left out", StringComparison.Ordinal)).Sum(line => int.Parse(line.Split(' ')[0]));
        Assert.Equal(EventLog.WaitingMax + 5000, written + lost);
    }

    [Fact]
    public async Task A_flood_of_what_came_does_not_crowd_out_who_left()
    {
        using ManualResetEventSlim gate = new();
        GatedLines lines = new(gate);
        await using (EventLog log = new(lines, new TextFormat(() => 80), TimeProvider.System))
        {
            for (int i = 0; i < EventLog.WaitingMax * 2; i++)
                log.Write(new CliEvent(EventKind.Received) { Peer = "it", Bytes = 1, Preview = "x"u8.ToArray() });
            log.Write(new CliEvent(EventKind.Left) { Peer = "it", Reason = "ended" });
            gate.Set();
            await lines.Inner.FindAsync("it left (ended)");
        }

        Assert.Contains(lines.Inner.All, line => line.Contains("left out", StringComparison.Ordinal));
    }

    /// <summary>A writer that has not come to run yet is no output that stands still: the clock alone takes no line away.</summary>
    [Fact]
    public async Task What_waits_is_written_however_late_its_writer_comes_to_run()
    {
        StandStill standStill = new();
        TaskCompletionSource allWritten = new();
        HastyClock time = new();
        Task waiting = standStill.WaitAsync(allWritten.Task, time);
        await time.OftenPassed.WaitAsync(Lines.Patience);
        Assert.False(waiting.IsCompleted);
        allWritten.SetResult();
        await waiting;
    }

    [Fact]
    public async Task A_write_that_does_not_come_back_is_given_up()
    {
        StandStill standStill = new();
        standStill.BeginWrite();
        await standStill.WaitAsync(new TaskCompletionSource().Task, new HastyClock());
    }

    [Fact]
    public async Task Without_an_output_nothing_is_made()
    {
        await using EventLog log = new(null, new TextFormat(() => throw new InvalidOperationException()), TimeProvider.System);

        log.Write(Notice(1));

        Assert.False(log.IsOn);
    }

    private static CliEvent Notice(int number) => new(EventKind.Notice) { Message = $"{number}" };

    private sealed class GatedLines(ManualResetEventSlim gate) : TextWriter
    {
        public Lines Inner { get; } = new();

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(StringBuilder? value)
        {
            gate.Wait(Lines.Patience);
            Inner.Write(value);
        }
    }

    /// <summary>Its timers are due at once, whatever they are set to.</summary>
    private sealed class HastyClock : TimeProvider
    {
        private const int Often = 5;
        private readonly TaskCompletionSource _oftenPassed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _passed;

        /// <summary>A time has passed so often.</summary>
        public Task OftenPassed => _oftenPassed.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (Interlocked.Increment(ref _passed) == Often)
                _oftenPassed.SetResult();
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
