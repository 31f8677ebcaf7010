using System.Buffers;
using System.CommandLine;
using Sockeye.Cli.Output;
using Sockeye.Cli.Talking;
using Sockeye.Cli.Talking.Formats;

namespace Sockeye.Cli.Commands;

/// <summary>The options that <c>sockeye listen</c> and <c>sockeye connect</c> share.</summary>
internal sealed class TalkOptions
{
    /// <summary>The option whose values are codecs.</summary>

    private readonly Option<TimeSpan?> _timeout;
    private readonly Option<TimeSpan?> _idle = OptionKinds.Time("--idle", "how long nothing may come or go, as in 90s or 5m; for ever if not given (exit code 4)", TimeSpan.FromMilliseconds(1));
    private readonly Option<TimeSpan?> _linger = OptionKinds.Time("--linger", "how long one direction may go on after the other has ended; no limit if not given", TimeSpan.Zero);
    private readonly Option<bool> _noStdin = OptionKinds.Flag("--no-stdin", "leave standard input alone and send nothing; our side ends when the peer's does");
    private readonly Option<bool> _crlf = OptionKinds.Flag("--crlf", "send CRLF for every LF that is typed; what comes stays as it is");
    private readonly Option<bool> _lines = OptionKinds.Flag("--lines", "whole lines, shown one by one, with LF or CRLF; the same as --frames lines");
    private readonly Option<string?> _frames = FramesOption.Create("a frame for each line typed, a line for each frame that comes");

    private readonly Option<bool> _hex = OptionKinds.Flag("--hex", "type hexadecimal digits; what comes is shown as a hex dump, and a message or frame as digits");
    private readonly Option<bool> _raw = OptionKinds.Flag("--raw", "let a terminal obey what comes: colours, but also anything hostile");
    private readonly Option<bool> _json = OptionKinds.Flag("--json", "what happens and what comes on standard output, one JSON object a line");
    private readonly Option<bool> _quiet = OptionKinds.Quiet();
    private readonly Option<bool> _verbose = OptionKinds.Flag("--verbose", "tell everything that happens, on standard error");

    /// <param name="timeout">What the verb means by a time-out.</param>
    public TalkOptions(Option<TimeSpan?> timeout) => _timeout = timeout;

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _noStdin, _timeout, _idle, _linger, _crlf, _lines, _frames, _hex, _raw, _verbose, _quiet, _json })
            command.Add(option);
    }

    /// <exception cref="UsageException">They do not go together, or not with the address.</exception>
    public TalkSettings Read(ParseResult parsed, CliEnvironment environment, Address address, WebSocketCliOptions webSocket)
    {
        WebSocketOptions webSocketOptions = webSocket.Read(parsed, address);
        TalkFormat format = ReadFormat(parsed, environment) with { Binary = webSocket.IsBinary(parsed) };
        if (address.Scheme is "ws" or "wss" && format is { HasMessages: true, Crlf: true })
            throw new UsageException($"--crlf is for streams, and on {address} a line is a message without its end; --binary makes it a stream");
        return new TalkSettings
        {
            Format = format,
            Timeout = parsed.GetValue(_timeout),
            Idle = parsed.GetValue(_idle),
            Linger = parsed.GetValue(_linger),
            NoStdin = parsed.GetValue(_noStdin),
            WebSocket = webSocketOptions,
        };
    }

    public Reporter OpenReporter(ParseResult parsed, CliEnvironment environment, CancellationToken stop)
    {
        TimeProvider time = environment.Network.TimeProvider;
        if (parsed.GetValue(_json))
            return new JsonReporter(environment.OpenOutput(), time, stop);
        EventLog log = new(parsed.GetValue(_quiet) ? null : environment.Error, new TextFormat(environment.Columns), time);
        return new TextReporter(log, environment.OpenOutput, parsed.GetValue(_verbose), time, stop);
    }

    /// <exception cref="UsageException">One is for connections only.</exception>
    public void RefuseForDatagrams(ParseResult parsed, Address address, params Option[] more)
    {
        if (FirstGiven(parsed, [_timeout, _linger, _crlf, _lines, _frames, .. more]) is { } option)
            throw new UsageException($"{option.Name} is for connections, and {address} has datagrams: each is a line of its own, and everybody is served");
    }

    /// <exception cref="UsageException">One is about the standard streams, which a command takes the place of.</exception>
    public void RefuseForCommands(ParseResult parsed)
    {
        if (FirstGiven(parsed, [_noStdin, _crlf, _lines, _frames, _hex, _raw]) is { } option)
            throw new UsageException($"{option.Name} and --exec do not go together: the command has the connection as it is");
    }

    private static Option? FirstGiven(ParseResult parsed, IEnumerable<Option> options) => options.FirstOrDefault(option => IsGiven(parsed, option));

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private TalkFormat ReadFormat(ParseResult parsed, CliEnvironment environment)
    {
        string? codec = parsed.GetValue(_frames);
        Exclude(parsed, _lines, _frames);
        Exclude(parsed, _lines, _crlf, "--frames crlf has both");
        Exclude(parsed, _lines, _hex, "--frames lines --hex has both");
        Exclude(parsed, _frames, _crlf, "--frames crlf has both");
        Exclude(parsed, _hex, _crlf);
        Exclude(parsed, _hex, _raw);
        Exclude(parsed, _json, _quiet);
        Exclude(parsed, _json, _verbose, "--json tells everything");
        return new TalkFormat
        {
            Crlf = parsed.GetValue(_crlf),
            Hex = parsed.GetValue(_hex),
            Frames = parsed.GetValue(_lines) ? Codecs.Parse("lines") : FramesOption.Read(codec),
            FramesAreLines = parsed.GetValue(_lines) || codec?.Split(':')[0] is "lines" or "crlf",
            IsSafe = environment.IsOutputTerminal && !parsed.GetValue(_raw),
        };
    }

    private static void Exclude(ParseResult parsed, Option one, Option other, string advice = "keep one")
    {
        if (IsGiven(parsed, one) && IsGiven(parsed, other))
            throw new UsageException($"{one.Name} and {other.Name} do not go together; {advice}");
    }
}
