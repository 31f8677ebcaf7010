using System.Globalization;

namespace Sockeye.Cli;

/// <summary>
/// Whether there are descriptors enough to live with. With too few .NET dies where it happens to stand, of a file that is there or of memory
/// that is not short; said beforehand it is one line.
/// </summary>
internal static class DescriptorCheck
{
    /// <summary>
    /// How many must be free: some forty for the runtime's files and threads, sixteen that a server keeps in reserve, and the sockets.
    /// </summary>
    public const int FreeMin = 80;

    private const string LimitLine = "Max open files";

    /// <summary>What is wrong, and what to try; null when there are enough, or nobody knows.</summary>
    public static string? FindProblem()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            return Judge(File.ReadAllLines("/proc/self/limits"), Directory.GetFileSystemEntries("/proc/self/fd").Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <param name="limits">The lines of <c>/proc/self/limits</c>.</param>
    /// <param name="open">How many are open.</param>
    public static string? Judge(string[] limits, int open)
    {
        string? line = Array.Find(limits, each => each.StartsWith(LimitLine, StringComparison.Ordinal));
        string? soft = line?[LimitLine.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        if (!int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) || limit - open >= FreeMin)
            return null;
        return $"too few descriptors: the limit is {limit}, {open} are open already, and it needs {FreeMin} more; raise it with 'ulimit -n 1024'";
    }
}
