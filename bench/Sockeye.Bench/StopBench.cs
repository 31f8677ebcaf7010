using System.Diagnostics;
using System.Globalization;

namespace Sockeye.Bench;

/// <summary>The time from Ctrl-C to the end of <c>sockeye serve</c>, while clients in another process send without a pause and never leave.</summary>
internal static class StopBench
{
    /// <summary>As a server that is stopped has been at work for a while.</summary>
    private static readonly TimeSpan Work = TimeSpan.FromSeconds(2);

    private static readonly Settings Defaults = new(Connections: 300, Messages: 0, Size: 65_536, Rounds: 5);
    private static readonly string[] Services = ["hello", "discard", "echo"];

    public static async Task<int> RunAsync(Settings given)
    {
        Settings settings = given.Or(Defaults);
        string program = Environment.GetEnvironmentVariable("SOCKEYE") ?? throw new InvalidOperationException("SOCKEYE names the program to measure: use bench/stop");
        Console.WriteLine($"stop: {settings.Connections} clients that send {settings.Size} bytes again and again, {settings.Rounds} rounds; seconds from SIGINT to the end, median (min to max)");
        foreach (string service in Services)
        {
            List<double> rounds = [];
            for (int round = 0; round < settings.Rounds; round++)
                rounds.Add(await RoundAsync(program, service, settings));
            Console.WriteLine($"  {service,-8} {Spread.Of(rounds, "0.00")}");
        }

        return 0;
    }

    private static async Task<double> RoundAsync(string program, string service, Settings settings)
    {
        using Process server = Process.Start(new ProcessStartInfo(program, ["serve", service, "tcp://127.0.0.1:0"]) { RedirectStandardError = true })!;
        string port = (await server.StandardError.ReadLineAsync())!.Split(':')[^1];
        Task<string> events = server.StandardError.ReadToEndAsync();
        using Child clients = new(["client", "flood", port, .. settings.ToArguments()]);
        clients.ReadLine();
        await Task.Delay(Work);

        long start = Stopwatch.GetTimestamp();
        using Process kill = Process.Start("kill", ["-INT", server.Id.ToString(CultureInfo.InvariantCulture)]);
        await server.WaitForExitAsync();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await events;
        return server.ExitCode == 0 ? seconds : throw new InvalidOperationException($"serve {service} ended with {server.ExitCode}");
    }
}
