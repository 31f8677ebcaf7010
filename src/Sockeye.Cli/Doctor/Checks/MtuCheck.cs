namespace Sockeye.Cli.Doctor.Checks;

/// <summary>How large packets may be on each interface that is up.</summary>
internal sealed class MtuCheck() : DoctorCheck(DoctorGroup.Network, "mtu", "how large packets may be on each interface")
{
    private const int IPv6Min = 1280; // RFC 8200, section 5
    private const int Ethernet = 1500;

    public override ValueTask<IReadOnlyList<Finding>> ExamineAsync(Machine machine, CancellationToken cancellationToken)
    {
        MachineLink[] links = [.. machine.Links.Where(link => link.IsUp && link.Mtu is not null)];
        List<Finding> findings = [];
        foreach (MachineLink link in links)
        {
            if (link.Mtu < IPv6Min)
                findings.Add(Finding.Warning($"{link.Name} takes packets of up to {link.Mtu} bytes: IPv6 needs {IPv6Min} and does not work there", $"sudo ip link set {link.Name} mtu {Ethernet}"));
            else if (link.Mtu < Ethernet)
                findings.Add(Finding.Note($"{link.Name} takes packets of up to {link.Mtu} bytes, as tunnels do: datagrams of {Ethernet} bytes come in fragments, or not at all"));
        }

        if (findings.Count == 0 && links.Length > 0)
            findings.Add(Finding.Ok(string.Join(", ", links.Select(link => $"{link.Name} {link.Mtu}"))));
        return new(findings);
    }
}
