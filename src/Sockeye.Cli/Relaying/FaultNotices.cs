using System.Globalization;
using Sockeye.Cli.Output;

namespace Sockeye.Cli.Relaying;

/// <summary>What is told of faults: the plan and its seed at the start, and at the end what was done.</summary>
internal static class FaultNotices
{
    public static CliEvent Start(FaultControl faults) =>
        new(EventKind.Notice) { Message = string.Create(CultureInfo.InvariantCulture, $"faults: {faults.Plan} (--fault-seed {faults.Seed} has the same again)") };

    public static CliEvent End(FaultStatistics done)
    {
        (long Count, string What)[] rows =
        [
            (done.Refused, "refused"), (done.Reset, "reset"), (done.Cut, "cut"), (done.HalfOpened, "half-open"), (done.ClosedSlowly, "closed slowly"),
            (done.Delayed, "delayed"), (done.Sliced, "sliced"), (done.Merged, "merged"), (done.Dropped, "dropped"), (done.Overflowed, "dropped for lack of room"),
            (done.Duplicated, "duplicated"), (done.Reordered, "reordered"), (done.Corrupted, "corrupted"),
        ];
        string[] counts = [.. from row in rows where row.Count > 0 select string.Create(CultureInfo.InvariantCulture, $"{row.Count:#,0} {row.What}")];
        return new CliEvent(EventKind.Notice) { Message = $"faults: {(counts.Length == 0 ? "none came to pass" : string.Join(", ", counts))}" };
    }
}
