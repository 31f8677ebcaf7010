namespace Sockeye.Cli.Doctor.Checks;

/// <summary>How many connections may wait to be accepted (listen(2), tcp(7)), and whether that was too few already.</summary>
internal sealed class BacklogCheck() : LinuxCheck(DoctorGroup.Limits, "backlog", "how many connections may wait to be accepted, and whether any were dropped")
{
    private const int Few = 128;

    protected override IEnumerable<Finding> Examine(Machine machine)
    {
        bool isFine = true;
        if (machine.Number("/proc/sys/net/core/somaxconn") is { } accepted && accepted < Few)
        {
            isFine = false;
            yield return Finding.Warning($"at most {accepted} connections wait to be accepted, whatever a program asks for: of a rush of clients many wait a second or more", $"sudo sysctl -w net.core.somaxconn={NetworkSocket.DefaultBacklog}");
        }

        if (machine.Number("/proc/sys/net/ipv4/tcp_max_syn_backlog") is { } halfOpen && halfOpen < Few && machine.Number("/proc/sys/net/ipv4/tcp_syncookies") == 0)
        {
            isFine = false;
            yield return Finding.Warning($"at most {halfOpen} connections may be in their handshake, and there are no SYN cookies: a few lost clients keep others out", "sudo sysctl -w net.ipv4.tcp_syncookies=1");
        }

        if (machine.Number("/proc/sys/net/ipv4/tcp_abort_on_overflow") == 1)
        {
            isFine = false;
            yield return Finding.Note("connections that a server has no room for are reset (tcp_abort_on_overflow); otherwise clients would try again by themselves", "sudo sysctl -w net.ipv4.tcp_abort_on_overflow=0");
        }

        if (Overflows(machine) is { } overflows and > 0)
        {
            isFine = false;
            yield return Finding.Note($"since the machine started, {overflows} connections found the queue of a server full", "ss -ltn   # Recv-Q near Send-Q: that server does not accept");
        }

        if (isFine)
            yield return Finding.Ok($"up to {machine.Number("/proc/sys/net/core/somaxconn")} connections may wait to be accepted");
    }

    /// <summary>/proc/net/netstat: a line of names and one of values, "TcpExt: SyncookiesSent …".</summary>
    private static long? Overflows(Machine machine)
    {
        string[][] lines = [.. machine.Words("/proc/net/netstat").Where(words => words[0] == "TcpExt:").Take(2)];
        int at = lines.Length == 2 ? Array.IndexOf(lines[0], "ListenOverflows") : -1;
        return at > 0 && at < lines[1].Length && long.TryParse(lines[1][at], out long overflows) ? overflows : null;
    }
}
