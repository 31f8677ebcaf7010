using System.Globalization;

namespace Sockeye.Cli.Doctor.Checks;

/// <summary>Whether the clock is plausible, kept right, quick to read, and goes evenly: certificates and time limits depend on it.</summary>
internal sealed class ClockCheck() : DoctorCheck(DoctorGroup.Surroundings, "clock", "whether the clock is plausible for certificates, synchronized, even and quick")
{
    private const int YearMin = 2025; // before this program was written
    private const int YearMax = 2060;
    private const int Attempts = 10;

    private static readonly TimeSpan Watched = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Jump = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ReadingMax = TimeSpan.FromMilliseconds(5);

    // Those that are a device's, and not the processor's or the hypervisor's.
    private static readonly string[] Slow = ["hpet", "acpi_pm", "jiffies", "refined-jiffies", "pit"];

    public override async ValueTask<IReadOnlyList<Finding>> ExamineAsync(Machine machine, CancellationToken cancellationToken)
    {
        List<Finding> findings = [];
        DateTimeOffset now = machine.Time.GetUtcNow();
        string shown = now.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        if (now.Year is < YearMin or > YearMax)
            findings.Add(Finding.Problem($"the clock says {shown}: certificates are not valid yet, or no longer, and TLS fails", "sudo date -u -s 'YYYY-MM-DD HH:MM'"));
        string? source = machine.Read("/sys/devices/system/clocksource/clocksource0/current_clocksource")?.Trim();
        if (Slow.Contains(source))
            findings.Add(Finding.Warning($"the clock is read from {source}, which takes microseconds each time: programs that look at it often are slow", "cat /sys/devices/system/clocksource/clocksource0/available_clocksource"));
        bool? isSynchronized = machine.IsClockSynchronized();
        if (isSynchronized == false)
            findings.Add(Finding.Note("nobody keeps the clock right, or tells the kernel so: it goes wrong by seconds a day", "timedatectl set-ntp true"));
        if (await MeasureJumpAsync(machine.Time, cancellationToken).ConfigureAwait(false) is { } jump && jump.Duration() > Jump)
            findings.Add(Finding.Warning($"the clock was put {(jump > TimeSpan.Zero ? "forward" : "back")} by {jump.Duration().TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s while it was looked at", "timedatectl timesync-status"));
        if (!findings.Exists(finding => finding.Severity > Severity.Note))
            findings.Insert(0, Finding.Ok($"{shown}{(isSynchronized == true ? ", synchronized" : "")}{(source is null ? "" : $", read from {source}")}"));
        return findings;
    }

    /// <summary>By how much more than time has passed the clock has gone; null when this thread never ran long enough to say.</summary>
    private static async ValueTask<TimeSpan?> MeasureJumpAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        if (Offset(time) is not { } before)
            return null;
        await Task.Delay(Watched, time, cancellationToken).ConfigureAwait(false);
        return Offset(time) is { } after ? after - before : null;
    }

    /// <summary>The clock less the time since a fixed moment, read without being interrupted in between.</summary>
    private static TimeSpan? Offset(TimeProvider time)
    {
        for (int i = 0; i < Attempts; i++)
        {
            long begun = time.GetTimestamp();
            DateTimeOffset clock = time.GetUtcNow();
            if (time.GetElapsedTime(begun) < ReadingMax)
                return clock - DateTimeOffset.UnixEpoch - time.GetElapsedTime(0, begun);
        }

        return null;
    }
}
