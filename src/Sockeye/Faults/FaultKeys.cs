using System.Globalization;

namespace Sockeye;

/// <summary>The table of the words of fault plans.</summary>
internal static class FaultKeys
{
    private const string ForStreams = "for streams of bytes";
    private const string ForConnections = "for connections";
    private const string ForDatagrams = "for datagrams";

    // The order here is the order of printing.
    public static readonly IReadOnlyList<FaultKey> All =
    [
        OfDirection("delay", FaultTarget.All, "", FaultNumbers.DelayExpected,
            (faults, value) => FaultNumbers.ReadDelay(value) is var (delay, jitter) ? faults with { Delay = delay, Jitter = jitter } : null,
            faults => FaultNumbers.PrintDelay(faults.Delay, faults.Jitter)),
        OfDirection("rate", FaultTarget.All, "", FaultNumbers.RateExpected,
            (faults, value) => FaultNumbers.ReadRate(value) is { } rate ? faults with { Rate = rate } : null,
            faults => FaultNumbers.PrintRate(faults.Rate)),
        OfDirection("slice", FaultTarget.Streams, ForStreams, $"a number of bytes from 1 to {FaultPlan.SliceMax}",
            (faults, value) => FaultNumbers.ReadCount(value, 1, FaultPlan.SliceMax) is { } count ? faults with { Slice = (int)count } : null,
            faults => faults.Slice?.ToString(CultureInfo.InvariantCulture)),
        OfTime("merge", FaultTarget.Streams, ForStreams, (faults, time) => faults with { Merge = time }, faults => faults.Merge),
        OfDirection("cut-after", FaultTarget.Connections, ForConnections, $"a number of bytes from 1 to {FaultPlan.CutAfterMax}",
            (faults, value) => FaultNumbers.ReadCount(value, 1, FaultPlan.CutAfterMax) is { } count ? faults with { CutAfter = count } : null,
            faults => faults.CutAfter?.ToString(CultureInfo.InvariantCulture)),
        OfPercent("drop", FaultTarget.All, (faults, percent) => faults with { Drop = percent }, faults => faults.Drop),
        OfPercent("duplicate", FaultTarget.Datagrams, (faults, percent) => faults with { Duplicate = percent }, faults => faults.Duplicate),
        OfPercent("reorder", FaultTarget.Datagrams, (faults, percent) => faults with { Reorder = percent }, faults => faults.Reorder),
        OfPercent("corrupt", FaultTarget.All, (faults, percent) => faults with { Corrupt = percent }, faults => faults.Corrupt),
        OfTime("slow-close", FaultTarget.Connections, ForConnections, (faults, time) => faults with { SlowClose = time }, faults => faults.SlowClose),
        OfConnection("half-open", "written without a value",
            (plan, value) => value is null ? plan with { IsHalfOpen = true } : null,
            plan => plan.IsHalfOpen ? "" : null),
        OfConnection("reset", $"written alone, or {FaultNumbers.TimeExpected}",
            (plan, value) => (value is null ? TimeSpan.Zero : FaultNumbers.ReadTime(value)) is { } time ? plan with { Reset = time } : null,
            plan => plan.Reset is { } time ? (time == TimeSpan.Zero ? "" : FaultNumbers.PrintTime(time)) : null),
        OfConnection("refuse", $"written alone, or a number of connections from 1 to {FaultPlan.RefuseMax}",
            (plan, value) => (value is null ? FaultPlan.RefuseAll : FaultNumbers.ReadCount(value, 1, FaultPlan.RefuseMax)) is { } count ? plan with { Refuse = (int)count } : null,
            plan => plan.Refuse is { } count ? (count == FaultPlan.RefuseAll ? "" : count.ToString(CultureInfo.InvariantCulture)) : null),
    ];

    public static IEnumerable<string> Names => All.Select(key => key.Name);

    private static FaultKey OfTime(string name, FaultTarget targets, string whyNot, Func<DirectionFaults, TimeSpan, DirectionFaults> set, Func<DirectionFaults, TimeSpan> get) =>
        OfDirection(name, targets, whyNot, FaultNumbers.TimeExpected,
            (faults, value) => FaultNumbers.ReadTime(value) is { } time ? set(faults, time) : null,
            faults => get(faults) is var time && time > TimeSpan.Zero ? FaultNumbers.PrintTime(time) : null);

    private static FaultKey OfPercent(string name, FaultTarget targets, Func<DirectionFaults, decimal, DirectionFaults> set, Func<DirectionFaults, decimal> get) =>
        OfDirection(name, targets, ForDatagrams, FaultNumbers.PercentExpected,
            (faults, value) => FaultNumbers.ReadPercent(value) is { } percent ? set(faults, percent) : null,
            faults => FaultNumbers.PrintPercent(get(faults)));

    private static FaultKey OfDirection(
        string name, FaultTarget targets, string whyNot, string expected, Func<DirectionFaults, string?, DirectionFaults?> read, Func<DirectionFaults, string?> print) =>
        new(name, targets, whyNot, expected,
            (plan, direction, value) => read(plan.Of(direction), value) is not { } faults ? null : direction == FaultDirection.Up ? plan with { Up = faults } : plan with { Down = faults },
            (plan, direction) => print(plan.Of(direction)),
            IsForConnection: false);

    private static FaultKey OfConnection(string name, string expected, Func<FaultPlan, string?, FaultPlan?> read, Func<FaultPlan, string?> print) =>
        new(name, FaultTarget.Connections, ForConnections, expected, (plan, _, value) => read(plan, value), (plan, _) => print(plan), IsForConnection: true);
}
