using Sockeye.Tests.Soak;

namespace Sockeye.Linux.Tests.Reactors;

/// <summary>Connections of every kind of life at once, while something else wants every core.</summary>
[Trait("Category", "Soak")]
[Collection(nameof(Alone))]
public abstract class ChurnTests(Engine engine) : ReactorTests(engine)
{
    [Theory]
    [InlineData("tcp://127.0.0.1:0")]
    [InlineData(AnyName)]
    public Task Nothing_is_lost_changed_or_mixed_and_nothing_is_left(string address) => Churn.RunAsync(
        Open(reactors: 2), Named(address), SoakLevel.Scale(TimeSpan.FromSeconds(1.5), SoakLevel.LongDuration));
}
