using System.Diagnostics;
using System.Text.Json;

namespace Sockeye.Bench;

/// <summary>The process that serves: prints its port, then its counters for each line it reads, and ends with its standard input.</summary>
internal static class ServerProcess
{
    public static async Task<int> RunAsync(Func<Task<int>> startAsync)
    {
        try
        {
            Console.WriteLine(await startAsync());
        }
        catch (PlatformNotSupportedException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }

        while (Console.ReadLine() is { } command)
            Console.WriteLine(JsonSerializer.Serialize(Counters.Read(collect: command == "collect")));
        return 0;
    }
}

/// <summary>What a process has used so far.</summary>
/// <param name="Allocated">Managed bytes allocated since its start, on all threads.</param>
/// <param name="Managed">Managed bytes alive; after a full collection if it was asked for.</param>
/// <param name="WorkingSet">Resident bytes.</param>
/// <param name="CpuSeconds">User and system time.</param>
internal sealed record Counters(long Allocated, long Managed, long WorkingSet, double CpuSeconds)
{
    public static Counters Read(bool collect)
    {
        if (collect)
        {
            for (int i = 0; i < 3; i++)
            {
                GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
                GC.WaitForPendingFinalizers();
            }
        }

        using Process self = Process.GetCurrentProcess();
        return new Counters(GC.GetTotalAllocatedBytes(precise: true), GC.GetTotalMemory(forceFullCollection: false), self.WorkingSet64, self.TotalProcessorTime.TotalSeconds);
    }
}
