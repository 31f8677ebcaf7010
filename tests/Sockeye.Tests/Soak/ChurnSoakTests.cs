namespace Sockeye.Tests.Soak;

/// <summary>The host network under connections of every kind of life.</summary>
[Trait("Category", "Soak")]
[Collection(nameof(Alone))]
public class ChurnSoakTests
{
    private const int OtherTestsSocketsMax = 100;

    public static TheoryData<string, bool> Kinds => new()
    {
        { "tcp://127.0.0.1:0", false }, { "tcp://[::1]:0", false }, { $"abstract://sockeye-churn-{Environment.ProcessId}", false }, { "tcp://localhost:0", true },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Nothing_is_lost_and_nothing_is_left(string address, bool portable)
    {
        TimeSpan duration = SoakLevel.Duration(TimeSpan.FromSeconds(3));
        await using HostNetwork network = new(timeProvider: null, portable);
        int sockets = CountSockets();

        await Churn.RunAsync(network, address, duration);

        // What tests before this one left may still be at work, on sockets of its own.
        Assert.InRange(CountSockets(), 0, sockets + OtherTestsSocketsMax);
    }

    private static int CountSockets() => OperatingSystem.IsLinux()
        ? Directory.GetFiles("/proc/self/fd").Count(file => new FileInfo(file).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true)
        : 0;
}
