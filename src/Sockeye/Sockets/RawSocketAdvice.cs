namespace Sockeye;

/// <summary>What to try where Linux refuses a raw socket: commands that can be followed as they stand.</summary>
internal static class RawSocketAdvice
{
    /// <summary>Letters that mean nothing to a shell.</summary>
    private const string Plain = "/._-+,:@%=";

    /// <summary>Gives this program the capability; it says of whom that is true, and for how long.</summary>
    public static string Capability()
    {
        string path = Environment.ProcessPath ?? "PROGRAM";

        // A capability belongs to one file, and goes when that is written anew: a build that replaces the program has to be given it again.
        string of = Path.GetFileNameWithoutExtension(path) == "dotnet" ? "everything that this dotnet runs" : "this build of the program, not the next";
        return $"\"sudo setcap cap_net_raw+ep {Quote(path)}\" gives it to {of}";
    }

    /// <summary>Lets every user ping without a capability; what stays longest is named first.</summary>
    public static string Ping() => OperatingSystem.IsLinux()
        ? "\"sudo sysctl -w net.ipv4.ping_group_range='0 2147483647'\" lets every user ping until the next boot, the line net.ipv4.ping_group_range=0 2147483647 in a file of /etc/sysctl.d after each; "
            + Capability()
        : "run it as an administrator";

    private static string Quote(string path) =>
        path.All(each => char.IsAsciiLetterOrDigit(each) || Plain.Contains(each)) ? path : $"'{path.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
