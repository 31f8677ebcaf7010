using Sockeye.Hub.Gateways.Text;
using Sockeye.Tests.Time;

namespace Sockeye.Hub.Tests.Gateways.Text;

/// <summary>A door that accepts nobody for want of descriptors: how often that is told.</summary>
public sealed class AcceptTroubleTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly List<string> _told = [];

    [Fact]
    public void It_is_told_once_and_once_when_it_is_over()
    {
        using AcceptTrouble trouble = new(_clock, _told.Add);
        for (int i = 0; i < 100; i++)
        {
            trouble.Failed("too many descriptors are open");
            _clock.Advance(AcceptTrouble.Quiet / 2);
        }

        Assert.Equal(["too many descriptors are open; until then who comes to the plain-text door has to wait"], _told);

        _clock.Advance(AcceptTrouble.Quiet);
        _clock.Advance(10 * AcceptTrouble.Quiet);
        Assert.Equal("the plain-text door accepts connections again", Assert.Single(_told[1..]));
    }

    [Fact]
    public void The_next_time_is_another_time()
    {
        using AcceptTrouble trouble = new(_clock, _told.Add);
        foreach (int _ in Enumerable.Range(0, 2))
        {
            trouble.Failed("too many");
            _clock.Advance(AcceptTrouble.Quiet);
        }

        Assert.Equal(4, _told.Count);
    }

    [Fact]
    public void A_hub_that_ends_meanwhile_says_no_more()
    {
        using (AcceptTrouble trouble = new(_clock, _told.Add))
            trouble.Failed("too many");

        _clock.Advance(AcceptTrouble.Quiet);
        Assert.Single(_told);
    }
}
