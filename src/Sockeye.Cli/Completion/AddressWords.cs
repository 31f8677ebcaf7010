namespace Sockeye.Cli.Completion;

/// <summary>How an address may go on: its scheme, then its usual hosts, or the files of a folder.</summary>
internal static class AddressWords
{
    /// <summary>How many files of a folder are offered: nobody reads more.</summary>
    public const int FilesMax = 200;

    public static readonly IReadOnlyList<string> Schemes =
    [
        "tcp://", "tcp4://", "tcp6://", "tls://", "ws://", "wss://", "udp://", "udp4://", "udp6://", "unix://", "unix-dgram://", "unix-seqpacket://", "abstract://",
    ];

    private static readonly string[] Hosts = ["127.0.0.1:", "[::1]:", "localhost:", "*:"];

    /// <param name="typed">What there is of the address.</param>
    public static IEnumerable<string> Find(string typed)
    {
        int end = typed.IndexOf("://", StringComparison.Ordinal);
        if (end < 0)
            return Schemes;
        string scheme = typed[..(end + 3)];
        if (scheme.StartsWith("unix", StringComparison.Ordinal))
            return Files(typed[scheme.Length..]).Select(path => scheme + path);
        return scheme == "abstract://" ? [] : Hosts.Select(host => scheme + host);
    }

    private static IEnumerable<string> Files(string typed)
    {
        string folder = typed[..(typed.LastIndexOf('/') + 1)];
        DirectoryInfo where = new(folder.Length == 0 ? "." : folder);
        EnumerationOptions quietly = new() { IgnoreInaccessible = true, AttributesToSkip = 0 };
        return !where.Exists ? [] : where.EnumerateFileSystemInfos("*", quietly)
            .Where(file => file.Name[0] != '.')
            .Take(FilesMax)
            .Select(file => folder + file.Name + (file is DirectoryInfo ? "/" : ""));
    }
}
