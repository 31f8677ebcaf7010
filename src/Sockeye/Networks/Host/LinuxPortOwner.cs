using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>Finds the process that has a local end point by /proc (proc(5)). Whose files are another user's shows only to root.</summary>
internal static class LinuxPortOwner
{
    private const string TcpListening = "0A";

    /// <summary>"python3 (process 123)", "another socket of this program", "a program" when it cannot be read which; null for none.</summary>
    public static string? Describe(EndPoint local, SocketType type)
    {
        try
        {
            HashSet<string> inodes = local switch
            {
                IPEndPoint ip => FindPort(ip.Port, type == SocketType.Stream ? "tcp" : "udp"),
                UnixDomainSocketEndPoint unix => FindPath(unix),
                _ => [],
            };
            return inodes.Count == 0 ? null : FindProcess(inodes) ?? "a program";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }

    /// <summary>/proc/net/tcp: "sl local_address rem_address st … inode"; ports in hexadecimal, the inode in the tenth column.</summary>
    private static HashSet<string> FindPort(int port, string protocol)
    {
        string suffix = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        HashSet<string> inodes = [];
        foreach (string file in new[] { "/proc/net/" + protocol, "/proc/net/" + protocol + "6" })
        {
            if (!File.Exists(file))
                continue;
            foreach (string line in File.ReadLines(file).Skip(1))
            {
                string[] columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (columns.Length > 9 && columns[1].EndsWith(suffix, StringComparison.Ordinal) && (protocol == "udp" || columns[3] == TcpListening))
                    inodes.Add(columns[9]);
            }
        }

        return inodes;
    }

    /// <summary>/proc/net/unix: "Num RefCount Protocol Flags Type St Inode Path"; abstract names begin with @.</summary>
    private static HashSet<string> FindPath(UnixDomainSocketEndPoint endPoint)
    {
        string name = endPoint.ToString();
        HashSet<string> inodes = [];
        foreach (string line in File.ReadLines("/proc/net/unix").Skip(1))
        {
            string[] columns = line.Split(' ', 8, StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length == 8 && columns[7] == name)
                inodes.Add(columns[6]);
        }

        return inodes;
    }

    private static string? FindProcess(HashSet<string> inodes)
    {
        HashSet<string> links = [.. inodes.Select(inode => $"socket:[{inode}]")];
        if (HasOneOf("/proc/self", links))
            return "another socket of this program";
        foreach (string process in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out int id) || !HasOneOf(process, links))
                continue;
            return $"{File.ReadAllText(process + "/comm").Trim()} (process {id})";
        }

        return null;
    }

    private static bool HasOneOf(string process, HashSet<string> links)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(process + "/fd").Any(file => new FileInfo(file).LinkTarget is { } target && links.Contains(target));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone meanwhile, or another user's.
            return false;
        }
    }
}
