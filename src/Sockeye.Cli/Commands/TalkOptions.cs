using System.CommandLine;
using Sockeye.Cli.Output;
using Sockeye.Cli.Talking;

namespace Sockeye.Cli.Commands;

/// <summary>The options that <c>sockeye listen</c> and <c>sockeye connect</c> share.</summary>
internal sealed class TalkOptions
{
    private readonly Option<TimeSpan?> _timeout;
    private readonly Option<TimeSpan?> _idle = OptionKinds.Time("--idle", "end when nothing came or went for so long, as in 90s (exit code 4)", TimeSpan.FromMilliseconds(1));
    private readonly Option<TimeSpan?> _linger = OptionKinds.Time("--linger", "how long one direction may go on after the other has ended; no limit if not given", TimeSpan.Zero);
    private readonly Option<bool> _noStdin = OptionKinds.Flag("--no-stdin", "leave standard input alone and send nothing; our side ends when the peer's does");
    private readonly Option<bool> _quiet = OptionKinds.Flag("--quiet", "no event lines at all; errors are still told");
    private readonly Option<bool> _verbose = OptionKinds.Flag("--verbose", "tell everything that happens, on standard error");

    /// <param name="timeout">What the verb means by a time-out.</param>
    public TalkOptions(string timeout) => _timeout = OptionKinds.Time("--timeout", timeout, TimeSpan.FromMilliseconds(1));

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _noStdin, _timeout, _idle, _linger, _verbose, _quiet })
            command.Add(option);
    }

    public TalkSettings Read(ParseResult parsed) => new()
    {
        Timeout = parsed.GetValue(_timeout),
        Idle = parsed.GetValue(_idle),
        Linger = parsed.GetValue(_linger),
        NoStdin = parsed.GetValue(_noStdin),
    };

    public Reporter OpenReporter(ParseResult parsed, CliEnvironment environment)
    {
        TimeProvider time = environment.Network.TimeProvider;
        EventLog log = new(parsed.GetValue(_quiet) ? null : environment.Error, new TextFormat(environment.Columns), time);
        return new TextReporter(log, environment.OpenOutput, parsed.GetValue(_verbose), time);
    }
}
