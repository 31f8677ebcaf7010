using System.CommandLine;
using Sockeye.Cli.Output;
using Sockeye.Cli.Tapping;

namespace Sockeye.Cli.Commands;

/// <summary>The options of <c>sockeye tap</c> beside those of <c>relay</c>.</summary>
internal sealed class TapOptions
{
    private const string NoColourVariable = "NO_COLOR";
    private const string Lines = "lines";
    private const string Sequence = "sequence";
    private const string None = "none";

    private readonly Option<string?> _view = OptionKinds.Text("--view", $"{Lines}: one for each event, as it is if not given; {Sequence}: life lines and arrows; {None}", "VIEW");
    private readonly Option<string?> _frames = FramesOption.Create("show where frames end, in both directions");
    private readonly Option<bool> _hex = OptionKinds.Flag("--hex", $"bytes as hexadecimal digits and ASCII, up to {ConversationViewOptions.HexBytesMaxDefault} of an event");

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _view, _frames, _hex })
            command.Add(option);
    }

    /// <exception cref="UsageException">There is no such view, or no such codec.</exception>
    public TapView Open(ParseResult parsed, bool isJson, CliEnvironment environment, EventLog log)
    {
        string? view = parsed.GetValue(_view);
        if (view is not null && isJson)
            throw new UsageException("--view and --json exclude each other: keep one");
        ConversationViewOptions options = new()
        {
            Columns = environment.OutputColumns,
            Colours = environment.IsOutputTerminal && Environment.GetEnvironmentVariable(NoColourVariable) is not { Length: > 0 },
            Hex = parsed.GetValue(_hex),
            Frames = FramesOption.Read(parsed.GetValue(_frames)),
        };
        TimeProvider time = environment.Network.TimeProvider;
        ViewOutput output = new(environment.Output, e => log.Write(new CliEvent(EventKind.Notice) { Message = $"{e.Message}; what comes is passed on all the same, unseen, until Ctrl-C" }));
        return new TapView(isJson ? new JsonRecorder(output, time, options) : view switch
        {
            null or Lines => new ConversationTextRecorder(output, time, options),
            Sequence => options.Hex ? throw new UsageException("--hex does not go with --view sequence: leave one out") : new SequenceRecorder(output, time, options),
            None => null,
            _ => throw new UsageException($"--view cannot be \"{view}\": it is {Lines}, {Sequence} or {None}"),
        }, output.StandStill, time);
    }
}
