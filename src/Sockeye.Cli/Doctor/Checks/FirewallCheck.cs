namespace Sockeye.Cli.Doctor.Checks;

/// <summary>Hints at a firewall: whether one is set up, not what it does to a packet. Only root sees the rules.</summary>
internal sealed class FirewallCheck() : DoctorCheck(DoctorGroup.Network, "firewall", "hints at a firewall: rules of nft and iptables, ufw")
{
    public override bool NeedsLinux => true;

    public override async ValueTask<IReadOnlyList<Finding>> ExamineAsync(Machine machine, CancellationToken cancellationToken)
    {
        List<Finding> findings = [];
        if (machine.Lines("/etc/ufw/ufw.conf").Contains("ENABLED=yes"))
            findings.Add(Finding.Warning("ufw is switched on: other machines reach only the ports that it allows", "sudo ufw allow PORT/tcp"));
        string? rules = await machine.RunAsync("nft", ["list", "ruleset"], cancellationToken).ConfigureAwait(false);
        if (rules is not null)
            findings.AddRange(JudgeNft(rules));
        else if (await machine.RunAsync("iptables", ["-S"], cancellationToken).ConfigureAwait(false) is { } table)
            findings.AddRange(JudgeIptables(table));
        else
            findings.Add(Finding.Note("the rules of a firewall, if there are any, cannot be seen: there is neither nft nor iptables, or they are for root alone", "sudo nft list ruleset"));
        return findings.Count > 0 ? findings : [Finding.Ok("no rule drops or rejects packets")];
    }

    private static IEnumerable<Finding> JudgeNft(string rules)
    {
        string[] lines = rules.Split('\n', StringSplitOptions.TrimEntries);
        if (Array.Exists(lines, line => line.Contains("hook input", StringComparison.Ordinal) && line.Contains("policy drop", StringComparison.Ordinal)))
            yield return Finding.Warning("what no rule lets in is dropped (nft, policy drop): connections from elsewhere time out", "sudo nft list ruleset");
        int dropping = lines.Count(line => Array.Exists(line.Split(' '), word => word is "drop" or "reject") && !line.Contains("hook ", StringComparison.Ordinal));
        if (dropping > 0)
            yield return Finding.Note($"{dropping} {(dropping == 1 ? "rule drops or rejects" : "rules drop or reject")} packets (nft)", "sudo nft list ruleset");
    }

    private static IEnumerable<Finding> JudgeIptables(string table)
    {
        string[] lines = table.Split('\n', StringSplitOptions.TrimEntries);
        if (lines.Contains("-P INPUT DROP"))
            yield return Finding.Warning("what no rule lets in is dropped (iptables, policy DROP): connections from elsewhere time out", "sudo iptables -S INPUT");
        int dropping = lines.Count(line => line.StartsWith("-A ", StringComparison.Ordinal) && (line.Contains("-j DROP", StringComparison.Ordinal) || line.Contains("-j REJECT", StringComparison.Ordinal)));
        if (dropping > 0)
            yield return Finding.Note($"{dropping} {(dropping == 1 ? "rule drops or rejects" : "rules drop or reject")} packets (iptables)", "sudo iptables -S");
    }
}
