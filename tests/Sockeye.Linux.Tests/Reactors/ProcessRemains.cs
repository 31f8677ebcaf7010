namespace Sockeye.Linux.Tests.Reactors;

/// <summary>What this process has now (proc(5)).</summary>
/// <param name="Descriptors">Sockets, epolls, eventfds and rings.</param>
/// <param name="ReactorThreads">Threads of reactors, by their names.</param>
/// <param name="Mappings">Mapped rings.</param>
internal sealed record ProcessRemains(int Descriptors, int ReactorThreads, int Mappings)
{
    private static readonly string[] Kinds = ["socket:", "anon_inode:"];

    public static ProcessRemains Now => new(
        Directory.GetFiles("/proc/self/fd").Count(file => Array.Exists(Kinds, kind => LinkOf(file).StartsWith(kind, StringComparison.Ordinal))),
        Directory.GetDirectories("/proc/self/task").Count(task => NameOf(task).StartsWith("Sockeye reactor", StringComparison.Ordinal)),
        File.ReadLines("/proc/self/maps").Count(line => line.Contains("[io_uring]", StringComparison.Ordinal)));

    private static string LinkOf(string file)
    {
        try
        {
            return new FileInfo(file).LinkTarget ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static string NameOf(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
