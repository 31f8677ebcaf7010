using System.Globalization;

namespace Sockeye.Cli.Doctor.Checks;

/// <summary>icmp(7): whether echoes can be asked for without privilege, by the groups of ping_group_range.</summary>
internal sealed class PingSocketsCheck() : LinuxCheck(DoctorGroup.Kernel, "ping-sockets", "whether this user may ping without privilege")
{
    protected override IEnumerable<Finding> Examine(Machine machine)
    {
        if (machine.Numbers("/proc/sys/net/ipv4/ping_group_range") is not [long first, long last])
            yield break;
        long[] groups = [.. $"{machine.Status("Gid")} {machine.Status("Groups")}".Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(word => long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out long group) ? group : -1)];
        if (Array.Exists(groups, group => group >= first && group <= last))
            yield return Finding.Ok("this user may ping without privilege");
        else if (machine.HasCapability(CaptureCheck.RawSockets))
            yield return Finding.Ok("this user may ping by raw sockets (CAP_NET_RAW)");
        else
            yield return Finding.Warning("sockeye ping does not work: no group of this user is in net.ipv4.ping_group_range", "sudo sysctl -w net.ipv4.ping_group_range='0 2147483647'");
    }
}
