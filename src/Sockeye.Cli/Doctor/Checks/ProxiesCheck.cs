namespace Sockeye.Cli.Doctor.Checks;

/// <summary>Variables that make curl, Python and other programs ask a proxy. What they say of users and passwords is not shown.</summary>
internal sealed class ProxiesCheck() : DoctorCheck(DoctorGroup.Network, "proxies", "proxies in the environment (HTTP_PROXY and its like)")
{
    private static readonly string[] Proxies = ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
    private static readonly string[] Here = ["localhost", "127.0.0.1", "*"];

    public override ValueTask<IReadOnlyList<Finding>> ExamineAsync(Machine machine, CancellationToken cancellationToken)
    {
        string[] given = [.. Proxies.Where(name => machine.Variable(name) is { Length: > 0 })];
        if (given.Length == 0)
            return new([Finding.Ok("no proxy in the environment")]);
        string[] exceptions = (machine.Variable("no_proxy") ?? machine.Variable("NO_PROXY") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        List<Finding> findings = [Finding.Note($"{string.Join(", ", given.Select(name => $"{name}={Mask(machine.Variable(name)!)}"))}: curl and others ask it; Sockeye connects by itself")];
        if (!exceptions.Intersect(Here).Any())
            findings.Add(Finding.Warning("no_proxy does not name localhost: programs ask the proxy even for what is on this machine, http://127.0.0.1:8080 for one", "export no_proxy=localhost,127.0.0.1,::1"));
        return new(findings);
    }

    /// <summary>Without "user:password@".</summary>
    private static string Mask(string proxy)
    {
        int scheme = proxy.IndexOf("://", StringComparison.Ordinal);
        int user = proxy.LastIndexOf('@');
        return user < 0 ? proxy : $"{(scheme < 0 || scheme > user ? "" : proxy[..(scheme + 3)])}{proxy[(user + 1)..]}";
    }
}
