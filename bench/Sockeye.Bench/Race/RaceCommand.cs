using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sockeye.Bench.Race;

/// <summary>bench/race: servers of many kinds under the same load, in turn.</summary>
internal static class RaceCommand
{
    private const int Failed = 1, WrongUsage = 2, Interrupted = 130;

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // of a moment's round the server's time may be none
    };

    public static int Run(string[] args)
    {
        using CancellationTokenSource stop = new();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => End(context, stop));
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => End(context, stop));
        try
        {
            RaceOptions options = RaceOptions.Parse(args);
            if (options.Missing)
                return TellPackages();
            return options.SelfTest ? SelfTest.Run(options, stop.Token) : Race(options, args, stop.Token);
        }
        catch (ArgumentException e)
        {
            Console.Error.WriteLine($"bench/race: {e.Message}");
            return WrongUsage;
        }
        catch (LeftOutException e)
        {
            Console.Error.WriteLine($"bench/race: without this there is no race: {e.Message}");
            return Failed;
        }
        catch (Exception e) when (stop.IsCancellationRequested)
        {
            Console.Error.WriteLine($"bench/race: interrupted ({e.Message})");
            return Interrupted;
        }
    }

    /// <summary>Ends whatever was started, by its number; whoever waits for it then unwinds and takes its folders along.</summary>
    private static void End(PosixSignalContext context, CancellationTokenSource stop)
    {
        context.Cancel = true;
        stop.Cancel();
        foreach (int id in ProcessTime.TreeOf(Environment.ProcessId).Where(id => id != Environment.ProcessId))
        {
            try
            {
                using Process process = Process.GetProcessById(id);
                process.Kill();
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
            {
                // It has ended by itself: Ctrl-C reaches all of a terminal.
            }
        }
    }

    private static int TellPackages()
    {
        foreach (Tool tool in Tool.Missing)
            Console.WriteLine(tool.Package);
        return 0;
    }

    private static int Race(RaceOptions options, string[] args, CancellationToken stop)
    {
        Cores cores = Cores.Find();
        Tool.Require("taskset");
        PeerPrograms programs = new(options.Build);
        _ = programs.Load;
        Machine machine = Machine.Read();
        Console.WriteLine($"# bench/race {string.Join(' ', args)}\n\n{machine.Date:yyyy-MM-dd}; {machine.Processor}, {machine.Cores} cores, server on core {cores.Server}, generator on core {cores.Load}; {machine.Kernel}; {machine.Runtime}");
        if (Tool.Missing.Length > 0)
            Console.WriteLine($"\nNot installed here: {string.Join(", ", Tool.Missing.AsEnumerable())}.");
        List<WorkloadResult> results = [];
        foreach (Workload workload in options.Only?.Select(name => Workload.All.First(workload => workload.Name == name)) ?? Workload.All)
        {
            results.Add(new WorkloadRace(workload.WithIdle(options.Idle), options, programs, cores, stop).Run());
            RaceTable.Print(results[^1], options);

            // After each, so that what is done stays when the rest does not come.
            if (options.Json is not null)
                File.WriteAllText(options.Json, JsonSerializer.Serialize(new { machine, options, results }, Indented));
        }

        return results.Any(result => result.Failed.Count > 0) ? Failed : 0;
    }
}
