using System.Net;

namespace Sockeye.Cli.Doctor.Checks;

/// <summary>Whether IPv6 is there, switched on, and has its loopback address; and whether sockets for it take IPv4 as well.</summary>
internal sealed class IPv6Check() : DoctorCheck(DoctorGroup.Network, "ipv6", "whether IPv6 is switched on, ::1 works, and [::] takes IPv4 too")
{
    private const string Loopback = "00000000000000000000000000000001";

    public override bool NeedsLinux => true;

    public override async ValueTask<IReadOnlyList<Finding>> ExamineAsync(Machine machine, CancellationToken cancellationToken)
    {
        if (machine.Read("/proc/net/if_inet6") is null)
            return [Finding.Warning("the kernel has no IPv6: addresses such as [::1] do not exist here", "cat /proc/cmdline   # ipv6.disable=1 switches it off")];
        foreach (string link in new[] { "all", "lo" })
        {
            if (machine.Number($"/proc/sys/net/ipv6/conf/{link}/disable_ipv6") == 1)
                return [Finding.Warning($"IPv6 is switched off ({link}): [::1] cannot be bound or reached", $"sudo sysctl -w net.ipv6.conf.{link}.disable_ipv6=0")];
        }

        if (!machine.Words("/proc/net/if_inet6").Any(words => words[0] == Loopback))
            return [Finding.Warning("no interface has ::1: [::1] cannot be bound or reached", "sudo ip address add ::1/128 dev lo")];
        List<Finding> findings = [await LoopbackCheck.TryAsync(machine, IPAddress.IPv6Loopback, cancellationToken).ConfigureAwait(false)];
        if (machine.Number("/proc/sys/net/ipv6/bindv6only") == 1)
            findings.Add(Finding.Note("programs that listen at [::] and say no more get no IPv4 connections (bindv6only)", "sudo sysctl -w net.ipv6.bindv6only=0"));
        return findings;
    }
}
