using Sockeye.Cli.Tests.Eof;

namespace Sockeye.Bench;

/// <summary>
/// The end of a direction in its 24 cells, for sockeye and for the programs people use in its place: the cells are those of
/// <c>./test --filter EofMatrix</c>.
/// </summary>
internal static class EofBench
{
    /// <summary>Programs differ in what they do a moment after one direction has ended: socat gives the other half a second.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    /// <summary>A cell that has no answer by then has none.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly EofSubject[] Others =
    [
        new("nc -N", "nc", (role, transport) => [.. role == EofRole.Listener ? ["-N", "-l"] : new[] { "-N" }, .. HostAndPort(transport)]),
        new("ncat", "ncat", (role, transport) => [.. role == EofRole.Listener ? ["-l"] : Array.Empty<string>(), .. HostAndPort(transport)]),
        new("socat", "socat", (role, transport) =>
        [
            "-",
            role == EofRole.Client ? $"TCP:{string.Join(':', HostAndPort(transport))}" : $"TCP-LISTEN:{HostAndPort(transport)[1]},bind={HostAndPort(transport)[0]}",
        ]),
    ];

    /// <param name="sockeye">The launcher of the program.</param>
    public static async Task<int> RunAsync(string sockeye)
    {
        EofSubject ours = new("sockeye", sockeye, (role, transport) => [role == EofRole.Client ? "connect" : "listen", transport.Address, "--quiet"]);
        foreach (EofSubject subject in Others.Prepend(ours))
            await RunAsync(subject);
        return 0;
    }

    private static async Task RunAsync(EofSubject subject)
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, subject.Program))))
        {
            Console.WriteLine($"{subject.Name}: not installed\n");
            return;
        }

        EofMatrix matrix = new($"{subject.Name} over tcp");
        foreach (EofCell cell in EofCell.All)
        {
            using EofTransport transport = EofTransport.Tcp();
            matrix.Add(cell, await EofRun.PassesAsync(cell, subject, transport, Settling, Patience));
        }

        Console.WriteLine(matrix.Print());
    }

    private static string[] HostAndPort(EofTransport transport) => $"{transport.EndPoint}".Split(':');
}
