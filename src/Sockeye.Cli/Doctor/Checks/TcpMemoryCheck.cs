namespace Sockeye.Cli.Doctor.Checks;

/// <summary>How much memory TCP has of what it may have (tcp(7), tcp_mem: low, pressure, high, in pages).</summary>
internal sealed class TcpMemoryCheck() : LinuxCheck(DoctorGroup.Limits, "tcp-memory", "how much of the memory for TCP is taken, and orphaned sockets")
{
    private const int NearlyAll = 90;

    protected override IEnumerable<Finding> Examine(Machine machine)
    {
        if (machine.Numbers("/proc/sys/net/ipv4/tcp_mem") is [_, long pressure, long high] && machine.SocketStatistic("TCP", "mem") is { } taken)
        {
            string state = $"TCP has {taken} of at most {high} pages of memory";
            string advice = $"sudo sysctl -w net.ipv4.tcp_mem='{high} {high * 3 / 2} {high * 2}'";
            yield return taken >= high ? Finding.Problem($"{state}: connections are slowed down to nothing and some are reset", advice)
                : taken >= pressure ? Finding.Warning($"{state}, and saves since {pressure}: windows shrink, connections are slow", advice)
                : Finding.Ok(state);
        }

        if (machine.Number("/proc/sys/net/ipv4/tcp_max_orphans") is { } limit and > 0 && machine.SocketStatistic("TCP", "orphan") is { } orphans && orphans * 100 >= limit * NearlyAll)
            yield return Finding.Warning($"{orphans} of at most {limit} sockets that no program has any more still send their last bytes: more are reset at once", $"sudo sysctl -w net.ipv4.tcp_max_orphans={limit * 2}");
    }
}
