using System.CommandLine;
using Sockeye.Cli.Doctor;

namespace Sockeye.Cli.Commands;

/// <summary><c>sockeye doctor</c></summary>
internal sealed class DoctorCommand
{
    private const string NoColourVariable = "NO_COLOR";

    private static readonly TimeSpan TimeoutDefault = TimeSpan.FromSeconds(2);

    private readonly CliEnvironment _environment;
    private readonly Option<string[]> _only = Several("--only", "only these checks, by the names that --list shows", "NAME");
    private readonly Option<string[]> _ports = Several("--port", "whether these ports are free, instead of the hub's: as in 443 or 53/udp", "PORT");
    private readonly Option<TimeSpan?> _timeout = OptionKinds.Time("--timeout", $"how long each check may take; {Duration.Print(TimeoutDefault)} if not given", TimeSpan.FromMilliseconds(1));
    private readonly Option<bool> _list = OptionKinds.Flag("--list", "what there is to check, and check nothing");
    private readonly Option<bool> _json = OptionKinds.Flag("--json", "the findings as one JSON object a line");

    private DoctorCommand(CliEnvironment environment)
    {
        _environment = environment;
        _only.CompletionSources.Add([.. DoctorChecks.Names]);
    }

    public static Command Create(CliEnvironment environment)
    {
        DoctorCommand doctor = new(environment);
        Command command = new("doctor", "Find what keeps sockets from working on this machine, and say what to do. It changes nothing; exit code 1: there is a problem.")
        {
            doctor._only, doctor._ports, doctor._timeout, doctor._list, doctor._json,
        };
        command.SetAction((parsed, _) => doctor.RunAsync(parsed));
        return command.WithExamples(
            "sockeye doctor",
            "sockeye doctor --port 443 53/udp",
            "sockeye doctor --only name-servers routes --timeout 10s",
            "sockeye doctor --json");
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        TimeSpan timeout = parsed.GetValue(_timeout) ?? TimeoutDefault;
        DoctorCheck[] checks = Choose(DoctorChecks.Create(ReadPorts(parsed.GetValue(_ports) ?? [])), parsed.GetValue(_only) ?? []);
        HostMachine machine = new(_environment.Network) { Patience = timeout / 2 };
        DoctorReport report = parsed.GetValue(_json)
            ? new DoctorJson(_environment.Output, machine.Time)
            : new DoctorText(_environment.Output, _environment.IsOutputTerminal && Environment.GetEnvironmentVariable(NoColourVariable) is not { Length: > 0 });
        if (parsed.GetValue(_list))
        {
            foreach (DoctorCheck check in checks)
                report.List(check);
            return ExitCodes.Done;
        }

        // A call that hangs in the system must not keep the other checks from a thread.
        ThreadPool.GetMinThreads(out int workers, out int completions);
        ThreadPool.SetMinThreads(Math.Max(workers, checks.Length + 4), completions);
        using StopSignals signals = _environment.StopSignals();
        return await new DoctorProgram(machine, checks, timeout, report).RunAsync(signals.Token);
    }

    private static DoctorCheck[] Choose(IReadOnlyList<DoctorCheck> checks, string[] names)
    {
        foreach (string name in names)
        {
            if (!DoctorChecks.Names.Contains(name))
                throw new UsageException($"there is no check \"{name}\"; {(NearestWord.Find(name, DoctorChecks.Names) is { } nearest ? $"did you mean {nearest}?" : "sockeye doctor --list has them all")}");
        }

        return [.. checks.Where(check => names.Length == 0 || names.Contains(check.Name))];
    }

    private static WantedPort[] ReadPorts(string[] texts) =>
        [.. texts.Select(text => WantedPort.Parse(text) ?? throw new UsageException($"--port cannot be \"{text}\": it is a number from 1 to 65535, and behind it /udp where UDP is meant"))];

    private static Option<string[]> Several(string name, string description, string helpName) => new(name)
    {
        Description = description,
        HelpName = helpName,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };
}
