using System.CommandLine;
using System.Globalization;
using Sockeye.Cli.Capturing;
using Sockeye.Cli.Output;

namespace Sockeye.Cli.Commands;

/// <summary>The options that record sockets for Wireshark, of every verb that has some.</summary>
internal sealed class PcapCliOptions
{
    private const string Clear = "clear";
    private const string Encrypted = "encrypted";
    private const string Client = "client";
    private const string Target = "target";
    private const string Both = "both";

    private readonly Option<string?> _file = OptionKinds.Text("--pcap", "record what the sockets do, for Wireshark (pcapng); a file that is there is replaced", "FILE");
    private readonly Option<string?> _side = OptionKinds.Text("--pcap-side", $"which side --pcap records: {Client}, as it is if not given, {Target} or {Both}", "SIDE");
    private readonly Option<string?> _tls = OptionKinds.Text(
        "--pcap-tls", $"how --pcap records TLS that is ended here: {Clear}, what is inside, as it is if not given; {Encrypted}, with the keys that decrypt it", "HOW");

    private readonly Option<string?> _size = OptionKinds.Text(
        "--pcap-size", $"begin a new file when the one of --pcap would be larger, as in 100MB; the {PcapngRecorderOptions.FilesMaxDefault} newest are kept, name.1.pcapng being the one before name.pcapng", "SIZE");

    private readonly bool _hasSides;
    private readonly bool _isRecursive;

    /// <param name="hasSides">The verb has a client's side and a target's.</param>
    /// <param name="isRecursive">The verbs below the verb have them.</param>
    public PcapCliOptions(bool hasSides = false, bool isRecursive = false)
    {
        (_hasSides, _isRecursive) = (hasSides, isRecursive);
        _side.CompletionSources.Add(Client, Target, Both);
        _tls.CompletionSources.Add(Clear, Encrypted);
    }

    private Option<string?>[] All => _hasSides ? [_file, _side, _tls, _size] : [_file, _tls, _size];

    public void AddTo(Command command)
    {
        foreach (Option option in All)
        {
            option.Recursive = _isRecursive;
            command.Add(option);
        }
    }

    /// <summary>Begins to record, if that is asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="environment">What the program has of the world.</param>
    /// <param name="tell">Is told what goes wrong later.</param>
    /// <returns>Null: it is not asked for.</returns>
    /// <exception cref="UsageException">An option is wrong, or the file cannot be written.</exception>
    public PcapRecording? Open(ParseResult parsed, CliEnvironment environment, Action<CliEvent> tell)
    {
        if (parsed.GetValue(_file) is not { } path)
        {
            Option? lonely = All.Skip(1).FirstOrDefault(option => parsed.GetValue(option) is not null);
            return lonely is null ? null : throw new UsageException($"{lonely.Name} is for a recording: write {_file.Name} FILE too");
        }

        if (path.Length == 0)
            throw new UsageException($"{_file.Name}: it is a file's path, and not empty");
        PcapSide side = _hasSides ? Read(parsed, _side, (Client, PcapSide.Client), (Target, PcapSide.Target), (Both, PcapSide.Both)) : PcapSide.Both;
        PcapngRecorderOptions options = new()
        {
            Tls = Read(parsed, _tls, (Clear, PcapngTls.Clear), (Encrypted, PcapngTls.Encrypted)),
            FileBytesMax = ReadSize(parsed.GetValue(_size)),
            WriteFailed = e => tell(new CliEvent(EventKind.Notice) { Message = $"{e.Message}; what happens meanwhile is not recorded, and nothing else stops" }),
        };
        PcapngRecorder recorder = TlsFiles.Read(_file.Name, () => new PcapngRecorder(path, options, environment.Network.TimeProvider));
        return new PcapRecording(recorder, path, side, tell);
    }

    private static T Read<T>(ParseResult parsed, Option<string?> option, params ReadOnlySpan<(string Name, T Value)> known)
    {
        if (parsed.GetValue(option) is not { } text)
            return known[0].Value;
        List<string> names = [];
        foreach ((string name, T value) in known)
        {
            if (name == text)
                return value;
            names.Add(name);
        }

        throw new UsageException($"{option.Name} cannot be \"{text}\": it is {string.Join(", ", names[..^1])} or {names[^1]}");
    }

    private long ReadSize(string? text)
    {
        if (text is null)
            return 0;
        string digits = text.TrimEnd('B', 'b', 'i', 'k', 'K', 'm', 'M', 'g', 'G');
        long? unit = text[digits.Length..].ToUpperInvariant() switch
        {
            "" or "B" => 1,
            "K" or "KB" => 1_000,
            "KIB" => 1 << 10,
            "M" or "MB" => 1_000_000,
            "MIB" => 1 << 20,
            "G" or "GB" => 1_000_000_000,
            "GIB" => 1 << 30,
            _ => null,
        };
        const long bytesMax = 1L << 50;
        if (unit is { } factor && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number > 0 && number <= bytesMax / factor)
            return number * factor;
        throw new UsageException($"{_size.Name} cannot be \"{text}\": it is a number of bytes with kB, MB or GB (thousands) or KiB, MiB or GiB, as in 100MB");
    }
}
