using System.Globalization;

namespace Sockeye.Cli.Doctor.Checks;

/// <summary>Each socket is a descriptor. .NET raises its soft limit to the hard one as it starts; programs that do not have the shell's.</summary>
internal sealed class DescriptorsCheck() : LinuxCheck(DoctorGroup.Limits, "descriptors", "how many sockets a process, and all of them, may have open")
{
    private const string LimitLine = "Max open files";
    private const long Few = 1024;
    private const int NearlyAll = 90;

    protected override IEnumerable<Finding> Examine(Machine machine)
    {
        if (LimitsIn(machine.Lines("/proc/self/limits")) is var (_, hard))
        {
            long connections = Math.Max(0, hard - DescriptorCheck.FreeMin);
            yield return hard < Few
                ? Finding.Warning($"a process may have at most {hard} descriptors: a server of Sockeye's serves {connections} connections, a relay half as many", $"ulimit -Hn {Few}   # as root, or LimitNOFILE= of systemd")
                : Finding.Ok(hard == long.MaxValue
                    ? "a process may have any number of descriptors, and so of connections"
                    : $"a process may have up to {hard} descriptors, which Sockeye makes use of: {connections} connections, half as many of a relay");
        }

        // Our own soft limit is raised already: the shell's is what others start with.
        if (LimitsIn(machine.Lines($"/proc/{machine.Status("PPid")}/limits")) is var (soft, ofParent) && soft < Few && ofParent >= Few)
            yield return Finding.Warning($"programs started from here begin with a limit of {soft} descriptors", $"ulimit -Sn {Few}");
        if (machine.Numbers("/proc/sys/fs/file-nr") is [long open, _, long limit] && limit > 0 && open >= limit / 100 * NearlyAll)
            yield return Finding.Problem($"{open} of the {limit} files that all processes together may have are open", $"sudo sysctl -w fs.file-max={limit * 2}");
    }

    private static (long Soft, long Hard)? LimitsIn(string[] lines)
    {
        string[]? words = Array.Find(lines, line => line.StartsWith(LimitLine, StringComparison.Ordinal))?[LimitLine.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words is [string soft, string hard, ..] && ToNumber(soft) is { } first && ToNumber(hard) is { } second ? (first, second) : null;
    }

    private static long? ToNumber(string word) =>
        word == "unlimited" ? long.MaxValue : long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
}
