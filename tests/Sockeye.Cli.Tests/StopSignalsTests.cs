namespace Sockeye.Cli.Tests;

public class StopSignalsTests
{
    [Fact]
    public void The_first_asks_and_the_second_ends()
    {
        List<int> exits = [];
        using StopSignals signals = new(exits.Add);
        Assert.False(signals.Token.IsCancellationRequested);

        signals.Request();
        Assert.True(signals.Token.IsCancellationRequested);
        Assert.Empty(exits);

        signals.Request();
        Assert.Equal([ExitCodes.Interrupted], exits);
    }
}
