namespace Sockeye.Linux.Tests.Reactors;

/// <summary>What this process has now (proc(5)).</summary>
/// <param name="Sockets">Sockets.</param>
/// <param name="Epolls">Epolls.</param>
/// <param name="Events">What wakes who waits in one.</param>
/// <param name="Rings">Descriptors of rings.</param>
/// <param name="Mappings">What is mapped of rings.</param>
/// <param name="Threads">Threads of reactors, by their names.</param>
/// <param name="Slots">What rings receive into: native memory.</param>
internal sealed record ProcessRemains(int Sockets, int Epolls, int Events, int Rings, int Mappings, int Threads, int Slots)
{
    public static ProcessRemains Now
    {
        get
        {
            string[] open = Array.ConvertAll(Directory.GetFiles("/proc/self/fd"), LinkOf);
            return new ProcessRemains(
                Sockets: open.Count(link => link.StartsWith("socket:", StringComparison.Ordinal)),
                Epolls: open.Count(link => link == "anon_inode:[eventpoll]"),
                Events: open.Count(link => link == "anon_inode:[eventfd]"),
                Rings: open.Count(link => link == "anon_inode:[io_uring]"),
                Mappings: File.ReadLines("/proc/self/maps").Count(line => line.Contains("[io_uring]", StringComparison.Ordinal)),
                Threads: Directory.GetDirectories("/proc/self/task").Count(task => NameOf(task).StartsWith("Sockeye reactor", StringComparison.Ordinal)),
                Slots: ReceiveSlot.Count);
        }
    }

    /// <summary>Whether there is no more of anything than there was.</summary>
    public bool IsNoMoreThan(ProcessRemains before) => Sockets <= before.Sockets && Epolls <= before.Epolls && Events <= before.Events
        && Rings <= before.Rings && Mappings <= before.Mappings && Threads <= before.Threads && Slots <= before.Slots;

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
