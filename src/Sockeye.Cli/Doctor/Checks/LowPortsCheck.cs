namespace Sockeye.Cli.Doctor.Checks;

/// <summary>From which port on everybody may listen.</summary>
internal sealed class LowPortsCheck() : LinuxCheck(DoctorGroup.Ports, "low-ports", "from which port on this user may listen")
{
    private const int MayBindLowPorts = 10; // CAP_NET_BIND_SERVICE, capabilities(7)
    private const int First = 80;

    protected override IEnumerable<Finding> Examine(Machine machine)
    {
        long start = machine.Number("/proc/sys/net/ipv4/ip_unprivileged_port_start") ?? 1024;
        if (machine.HasCapability(MayBindLowPorts))
            yield return Finding.Ok("this user may listen at any port");
        else if (start <= First)
            yield return Finding.Ok($"everybody may listen at ports from {start} on");
        else
            yield return Finding.Note($"ports below {start} are for root: {First} and 443 cannot be listened at", $"sudo sysctl -w net.ipv4.ip_unprivileged_port_start={First}");
    }
}
