using System.Runtime.InteropServices;

namespace Sockeye.Bench.Race;

/// <summary>Where figures were read.</summary>
internal sealed record Machine(DateTimeOffset Date, string Processor, int Cores, string Kernel, string Runtime)
{
    public static Machine Read()
    {
        string processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown processor";
        return new Machine(DateTimeOffset.Now, processor, Environment.ProcessorCount, $"Linux {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}", RuntimeInformation.FrameworkDescription);
    }
}
