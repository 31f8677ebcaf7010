using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Sockeye.Bench.Race;

/// <summary>The load generator (bench/peers/load), connected to a server.</summary>
internal sealed class LoadProcess : IDisposable
{
    private static readonly JsonSerializerOptions LowerCase = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private readonly Child _child;

    private LoadProcess(Child child) => _child = child;

    /// <summary>Starts it; every connection has had one message echoed then.</summary>
    /// <exception cref="InvalidOperationException">It gave up, with its reason: what came back was not what went, or nothing came.</exception>
    public static LoadProcess Start(PeerPrograms programs, Workload workload, RaceServer server, Cores? cores)
    {
        ProcessStartInfo start = new(programs.Load, workload.ToArguments(server.Target)) { RedirectStandardError = true };
        if (cores is not null)
            Cores.Pin(start, cores.Load);
        Child child = new(start);
        try
        {
            child.ReadLine();
            return new LoadProcess(child);
        }
        catch
        {
            child.Dispose();
            throw;
        }
    }

    /// <summary>As many messages as go: each connection sends when its last has come back.</summary>
    public LoadResult RunClosed(double seconds) => Run(string.Create(CultureInfo.InvariantCulture, $"closed {seconds}"));

    /// <summary>So many messages a second, each at its time.</summary>
    public LoadResult RunOpen(double seconds, double rate) => Run(string.Create(CultureInfo.InvariantCulture, $"open {seconds} {rate}"));

    public void Dispose() => _child.Dispose();

    private LoadResult Run(string command) => JsonSerializer.Deserialize<LoadResult>(_child.Ask(command), LowerCase)!;
}
