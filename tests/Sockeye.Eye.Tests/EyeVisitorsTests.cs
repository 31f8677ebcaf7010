using Sockeye.Eye.Serving;
using Sockeye.Tests.Time;

namespace Sockeye.Eye.Tests;

/// <summary>Who is taken to be here, by a clock of the test's.</summary>
public class EyeVisitorsTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly ManualTimeProvider _clock = new();
    private readonly EyeVisitors _visitors;

    public EyeVisitorsTests() => _visitors = new EyeVisitors(_clock);

    [Fact]
    public async Task Nobody_has_come_and_nobody_is_waited_for()
    {
        Assert.False(_visitors.AreHere);
        await _visitors.WaitUntilLeftAsync(CancellationToken.None).WaitAsync(Hang.Limit);
    }

    [Fact]
    public async Task The_last_one_may_come_back_for_a_while()
    {
        _visitors.Come();
        _visitors.Come();
        Task leaving = _visitors.WaitUntilLeftAsync(CancellationToken.None);
        _visitors.Leave();
        _clock.Advance(EyeLimits.ReturnTimeout);
        Assert.True(_visitors.AreHere);
        Assert.Equal(0, _clock.TimerCount);

        _visitors.Leave();
        await _clock.WaitedForAsync().WaitAsync(Hang.Limit);
        _clock.Advance(EyeLimits.ReturnTimeout - Moment);
        Assert.True(_visitors.AreHere);
        Assert.False(leaving.IsCompleted);

        // One that loads the page again.
        _visitors.Come();
        _visitors.Leave();
        _clock.Advance(Moment);
        await _clock.WaitedForAsync().WaitAsync(Hang.Limit);
        Assert.True(_visitors.AreHere);
        Assert.False(leaving.IsCompleted);

        _clock.Advance(EyeLimits.ReturnTimeout - Moment);
        await leaving.WaitAsync(Hang.Limit);
        Assert.False(_visitors.AreHere);
    }

    [Fact]
    public async Task Waiting_can_be_given_up()
    {
        _visitors.Come();
        using CancellationTokenSource stop = new();
        Task leaving = _visitors.WaitUntilLeftAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving.WaitAsync(Hang.Limit));
    }
}
