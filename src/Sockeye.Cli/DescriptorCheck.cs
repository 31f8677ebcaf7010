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

    /// <summary>What accepting leaves to everybody else: files, threads, the reserve of the library.</summary>
    private const int Reserve = 24;

    private const string LimitLine = "Max open files";

    /// <summary>What is wrong, and what to try; null when there are enough, or nobody knows.</summary>
    public static string? FindProblem() => Count() is { } counted ? Judge(counted.Limits, counted.Open) : null;

    /// <summary>What a server should say at its start that can have fewer connections than <paramref name="connections"/>; null: it has room, or nobody knows.</summary>
    public static string? FindShortage(int connections) => Count() is { } counted ? JudgeRoom(counted.Limits, counted.Open, connections) : null;

    /// <param name="limits">The lines of <c>/proc/self/limits</c>.</param>
    /// <param name="open">How many are open.</param>
    /// <param name="connections">How many connections shall find room.</param>
    public static string? JudgeRoom(string[] limits, int open, int connections)
    {
        if (LimitIn(limits) is not { } limit || limit - open - Reserve >= connections)
            return null;
        int fit = Math.Max(0, limit - open - Reserve);
        return $"few descriptors: the limit is {limit}, and {open} are in use already, so {fit} connections fit at a time; raise it with 'ulimit -n 4096' before the start";
    }

    /// <summary>
    /// Whether so many more can be opened now; true where nobody knows. It counts instead of trying: to try is to have taken the last one for a moment.
    /// </summary>
    public static bool HasFree(int count) => Count() is not { } counted || LimitIn(counted.Limits) is not { } limit || limit - counted.Open >= count;

    /// <param name="limits">The lines of <c>/proc/self/limits</c>.</param>
    /// <param name="open">How many are open.</param>
    public static string? Judge(string[] limits, int open)
    {
        if (LimitIn(limits) is not { } limit || limit - open >= FreeMin)
            return null;
        return $"too few descriptors: the limit is {limit}, {open} are open already, and it needs {FreeMin} more; raise it with 'ulimit -n 1024'";
    }

    /// <summary>The lines of <c>/proc/self/limits</c>, and how many are open; null where there is no such thing.</summary>
    private static (string[] Limits, int Open)? Count()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            return (File.ReadAllLines("/proc/self/limits"), Directory.GetFileSystemEntries("/proc/self/fd").Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The soft limit; null: there is none, or it is not told.</summary>
    private static int? LimitIn(string[] limits)
    {
        string? line = Array.Find(limits, each => each.StartsWith(LimitLine, StringComparison.Ordinal));
        string? soft = line?[LimitLine.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) ? limit : null;
    }
}
