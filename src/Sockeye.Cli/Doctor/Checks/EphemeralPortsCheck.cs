using System.Globalization;

namespace Sockeye.Cli.Doctor.Checks;

/// <summary>The ports that outgoing connections get, and how many of them old connections still hold (RFC 9293, section 3.6: TIME-WAIT).</summary>
internal sealed class EphemeralPortsCheck() : LinuxCheck(DoctorGroup.Ports, "ephemeral-ports", "the ports for outgoing connections, and how many wait in TIME-WAIT")
{
    private const string RangeFile = "/proc/sys/net/ipv4/ip_local_port_range";
    private const int Few = 1000;
    private const int NearlyAll = 80;
    private const string Wider = "sudo sysctl -w net.ipv4.ip_local_port_range='32768 60999'";

    private static readonly int[] HubPorts = [8080, 8888, 9000];

    protected override IEnumerable<Finding> Examine(Machine machine)
    {
        if (machine.Numbers(RangeFile) is not [long first, long last] || last < first)
            yield break;
        long ports = last - first + 1;
        string range = $"{ports} ports for outgoing connections, {first} to {last}";
        long waiting = machine.SocketStatistic("TCP", "tw") ?? 0;
        if (ports < Few)
            yield return Finding.Warning($"only {range}: so many connections to one address can be open, or have been within the last minute", Wider);
        if (waiting * 100 >= ports * NearlyAll)
            yield return Finding.Warning($"{waiting} connections are in TIME-WAIT, and there are {range}: soon one address can be connected to no more", "sudo sysctl -w net.ipv4.tcp_tw_reuse=1");

        string[] reserved = (machine.Read("/proc/sys/net/ipv4/ip_local_reserved_ports") ?? "").Trim().Split(',', StringSplitOptions.RemoveEmptyEntries);
        int[] inRange = [.. HubPorts.Where(port => port >= first && port <= last && !Array.Exists(reserved, each => Includes(each, port)))];
        if (inRange.Length > 0)
            yield return Finding.Note($"{string.Join(", ", inRange)} of the hub's ports may be given to an outgoing connection of any program, and are taken then", $"sudo sysctl -w net.ipv4.ip_local_reserved_ports={string.Join(',', inRange)}");
        if (ports >= Few && waiting * 100 < ports * NearlyAll)
            yield return Finding.Ok($"{range}; {waiting} {(waiting == 1 ? "connection" : "connections")} in TIME-WAIT");
    }

    /// <summary>"8080" or "8000-9000".</summary>
    private static bool Includes(string reserved, int port)
    {
        string[] ends = reserved.Split('-');
        return int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first)
            && int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int last)
            && port >= first && port <= last;
    }
}
