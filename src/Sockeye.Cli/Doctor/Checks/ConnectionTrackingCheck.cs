namespace Sockeye.Cli.Doctor.Checks;

/// <summary>A firewall that remembers connections drops new ones when its table is full, and says so in the kernel's log alone.</summary>
internal sealed class ConnectionTrackingCheck() : LinuxCheck(DoctorGroup.Network, "conntrack", "how full the firewall's table of connections is")
{
    private const int NearlyFull = 75;
    private const int Full = 95;

    protected override IEnumerable<Finding> Examine(Machine machine)
    {
        if (machine.Number("/proc/sys/net/netfilter/nf_conntrack_count") is not { } count || machine.Number("/proc/sys/net/netfilter/nf_conntrack_max") is not { } limit || limit <= 0)
        {
            yield return Finding.Ok("connections are not tracked here");
            yield break;
        }

        long percent = count * 100 / limit;
        string state = $"{count} of {limit} connections are in the firewall's table";
        string advice = $"sudo sysctl -w net.netfilter.nf_conntrack_max={limit * 2}";
        yield return percent >= Full ? Finding.Problem($"{state}: packets of new ones are dropped when it is full", advice)
            : percent >= NearlyFull ? Finding.Warning($"{state}: when it is full, packets of new ones are dropped", advice)
            : Finding.Ok(state);
    }
}
