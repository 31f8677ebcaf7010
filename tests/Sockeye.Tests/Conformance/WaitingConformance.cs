namespace Sockeye.Tests.Conformance;

/// <summary>Scenarios over every call that may wait.</summary>
public abstract class WaitingConformance(NetworkFixture fixture) : ConformanceTests(fixture)
{
    public static TheoryData<WaitingCall> Calls => [.. Enum.GetValues<WaitingCall>()];

    /// <summary>Runs a scenario with a call that would wait; passes over a network that has no such call.</summary>
    private protected Task RunBlockedAsync(WaitingCall call, Func<BlockedCall, Task> scenario) => RunAsync(async () =>
    {
        if (await BlockedCall.PrepareAsync(Fixture, call) is not { } blocked)
            return;
        await using (blocked)
            await scenario(blocked);
    });
}
