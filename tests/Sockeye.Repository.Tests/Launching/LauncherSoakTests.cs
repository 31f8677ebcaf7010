using System.Diagnostics;

namespace Sockeye.Repository.Tests.Launching;

[Trait("Category", "Soak")]
public sealed class LauncherSoakTests : IDisposable
{
    private readonly Checkout _checkout = new();

    public void Dispose() => _checkout.Dispose();

    [Fact]
    public async Task Many_started_together_after_each_change_build_once_each_time()
    {
        TimeSpan duration = SoakLevel.Duration(TimeSpan.Zero);
        int together = SoakLevel.Scale(4, 16);
        var clock = Stopwatch.StartNew();
        int rounds = 0;
        do
        {
            _checkout.Write("src/Sockeye/Added.cs", $"{++rounds}");
            CommandResult[] results = await Task.WhenAll(Enumerable.Range(0, together).Select(_ => _checkout.RunAsync("same")));

            Assert.All(results, result => Assert.Equal((0, results[0].Output), (result.ExitCode, result.Output)));
            Assert.Equal(rounds, _checkout.Builds);
        }
        while (clock.Elapsed < duration);
    }
}
