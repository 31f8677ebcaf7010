namespace Sockeye.Cli.Doctor.Checks;

/// <summary>The files by which the C library finds names: resolv.conf(5), nsswitch.conf(5), hosts(5).</summary>
internal sealed class ResolverCheck() : LinuxCheck(DoctorGroup.Names, "resolver", "/etc/resolv.conf, /etc/nsswitch.conf and /etc/hosts")
{
    public const string ResolverFile = "/etc/resolv.conf";
    public const int ServersMax = 3; // resolv.conf(5), MAXNS: more are not asked

    private static readonly string[] AsksServers = ["dns", "resolve"];

    /// <summary>The name servers, as they are written.</summary>
    public static string[] ServersOf(Machine machine) => [.. machine.Words(ResolverFile).Where(words => words is ["nameserver", _, ..]).Select(words => words[1])];

    protected override IEnumerable<Finding> Examine(Machine machine)
    {
        List<Finding> findings = [];
        string[] servers = ServersOf(machine);
        if (machine.Read(ResolverFile) is null)
            findings.Add(Finding.Warning($"there is no {ResolverFile}: names are asked for at 127.0.0.1", AdviseServer));
        else if (servers.Length == 0)
            findings.Add(Finding.Warning($"{ResolverFile} names no name server: names are asked for at 127.0.0.1", AdviseServer));
        else if (servers.Length > ServersMax)
            findings.Add(Finding.Note($"{ResolverFile} names {servers.Length} name servers, and only the first {ServersMax} are asked"));

        // Musl, as in Alpine, has no such file and needs none.
        string[]? sources = machine.Words("/etc/nsswitch.conf").FirstOrDefault(words => words[0] == "hosts:")?[1..];
        if (sources is not null && !sources.Contains("files"))
            findings.Add(Finding.Warning("/etc/nsswitch.conf does not look for hosts in \"files\": what /etc/hosts says is not heard", "sudo sed -i 's/^hosts:/hosts: files/' /etc/nsswitch.conf"));
        if (sources is not null && !sources.Intersect(AsksServers).Any())
            findings.Add(Finding.Warning("/etc/nsswitch.conf looks for hosts neither by \"dns\" nor by \"resolve\": no name server is asked", "sudo sed -i 's/^hosts:.*/& dns/' /etc/nsswitch.conf"));
        if (machine.Read("/etc/hosts") is null)
            findings.Add(Finding.Note("there is no /etc/hosts: name servers are asked even for localhost"));
        return findings.Count > 0 ? findings : [Finding.Ok($"{ResolverFile} names {string.Join(", ", servers)}{(sources is null ? "" : $"; hosts come from {string.Join(", then ", sources)}")}")];
    }

    private static string AdviseServer => $"echo 'nameserver ADDRESS' | sudo tee {ResolverFile}";
}
