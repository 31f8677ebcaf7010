using System.CommandLine;
using Sockeye.Cli.Tracing;

namespace Sockeye.Cli.Commands;

/// <summary>The options of <c>sockeye trace</c>.</summary>
internal sealed class TraceOptions
{
    /// <summary>The longest file that <c>--send-file</c> takes, in bytes: it is held in memory.</summary>
    public const int PayloadBytesMax = 64 * 1024 * 1024;

    private static readonly TimeSpan TimeMin = TimeSpan.FromMilliseconds(1);

    private readonly Option<string?> _send = OptionKinds.Text("--send", "what to send, with \\n, \\r, \\t, \\0, \\\\ and \\xHH as in C", "TEXT");
    private readonly Option<string?> _sendFile = OptionKinds.Text("--send-file", "a file to send", "FILE");
    private readonly Option<TimeSpan?> _wait = OptionKinds.Time(
        "--wait", $"how long nothing may come before the trace ends; {Duration.Print(TraceSettings.WaitDefault)} if not given", TimeMin);

    private readonly Option<TimeSpan?> _timeout = OptionKinds.ConnectTimeout(TraceSettings.TimeoutDefault);

    private readonly Option<bool> _letPeerEnd = OptionKinds.Flag("--let-peer-end", "keep our side open until the peer has ended its own, or is silent for --wait");
    private readonly Option<bool> _noCapture = OptionKinds.Flag("--no-capture", "do not show the segments themselves, also where that is allowed");
    private readonly Option<bool> _json = OptionKinds.Json();

    private readonly TlsClientCliOptions _tls = new();

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _send, _sendFile, _wait, _timeout, _letPeerEnd, _noCapture, _json })
            command.Add(option);
        _tls.AddTo(command);
    }

    public TraceReport OpenReport(ParseResult parsed, CliEnvironment environment) =>
        parsed.GetValue(_json) ? new TraceJson() : new TraceText(environment.Columns);

    /// <exception cref="UsageException">Two of them exclude each other, or what is to be sent cannot be read.</exception>
    public TraceSettings Read(ParseResult parsed, Address address, CliEnvironment environment) => new()
    {
        Payload = ReadPayload(parsed.GetValue(_send), parsed.GetValue(_sendFile)),
        Wait = parsed.GetValue(_wait) ?? TraceSettings.WaitDefault,
        Timeout = parsed.GetValue(_timeout) ?? TraceSettings.TimeoutDefault,
        Tls = _tls.Read(parsed, [address], environment),
        LetsPeerEnd = parsed.GetValue(_letPeerEnd),

        // Another network's packets cross no interface of this machine.
        OpenCapture = parsed.GetValue(_noCapture) || environment.Network != Network.Host ? null : PacketCapture.Open,
    };

    private static byte[] ReadPayload(string? text, string? file)
    {
        if (text is not null && file is not null)
            throw new UsageException("--send and --send-file exclude each other: keep one");
        if (text is not null)
            return EscapedBytes.Parse(text) ?? throw new UsageException($"--send cannot be \"{text}\": after a backslash comes n, r, t, 0, a backslash, or x and two hexadecimal digits");
        if (file is null)
            return [];
        try
        {
            if (new FileInfo(file) is { Exists: true, Length: > PayloadBytesMax and var length })
                throw new UsageException($"--send-file cannot be \"{file}\": it has {length} bytes, {PayloadBytesMax} are the most");
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException($"--send-file cannot be \"{file}\": there is no such file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--send-file cannot be \"{file}\": {e.Message}");
        }
    }
}
