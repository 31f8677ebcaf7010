using System.CommandLine;
using Sockeye.Cli.Capturing;
using Sockeye.Cli.Hubs;
using Sockeye.Cli.Output;
using Sockeye.Hub;

namespace Sockeye.Cli.Commands;

/// <summary><c>sockeye hub</c></summary>
internal sealed class HubCommand
{
    private const string DataDirectoryHint = "~/.local/share/sockeye";

    private readonly CliEnvironment _environment;
    private readonly Option<string?> _text = Door("--text", "where telnet and nc come in, as tcp://HOST:PORT; tcp://127.0.0.1:8888 or the next free port if not given", "tcp", "tls");
    private readonly Option<string?> _udp = Door("--udp", "where datagrams come in, as udp://HOST:PORT; udp://127.0.0.1:9000 or the next free port if not given", "udp");
    private readonly Option<string?> _unix = Door("--unix", "the Unix socket, as unix://PATH; hub.sock in the data directory if not given", "unix", "abstract");
    private readonly Option<string?> _web = Door("--web", "where the page is, as http://HOST:PORT; http://127.0.0.1:8080 or the next free port if not given", "http", "https");
    private readonly Option<bool> _lan = OptionKinds.Flag("--lan", "listen on all interfaces where no address is given, for others in this network");
    private readonly Option<string[]> _tls = new("--tls")
    {
        Description = "TLS for the page and the plain-text door: the certificate with its chain, and its key if that file does not hold it (PEM)",
        HelpName = "CERT KEY",
        Arity = new ArgumentArity(1, 2),
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _data = OptionKinds.Text("--data", $"the directory that the hub keeps everything in; {DataDirectoryHint} if not given", "DIR");
    private readonly Option<string?> _config = OptionKinds.Text("--config", "the file that has the settings; hub.json in the data directory if not given", "FILE");
    private readonly Option<bool> _printConfig = OptionKinds.Flag("--print-config", "print all settings as a hub.json would have them, and end");
    private readonly Option<bool> _ownerLink = OptionKinds.Flag("--owner-link", "print a link for another owner, though there is one; a hub that runs is stopped first");
    private readonly Option<bool> _quiet = OptionKinds.Quiet();
    private readonly Option<bool> _json = OptionKinds.Json();

    private readonly PcapCliOptions _pcap = new();
    private readonly NetworkCliOptions _network = new();

    private HubCommand(CliEnvironment environment) => _environment = environment;

    public static Command Create(CliEnvironment environment)
    {
        HubCommand hub = new(environment);
        Command command = new("hub", "Be a chat that any socket can join: a page in the browser, telnet, nc, UDP programs and Unix sockets, in the same rooms.")
        {
            hub._text, hub._udp, hub._unix, hub._web, hub._lan, hub._tls, hub._config, hub._printConfig, hub._ownerLink,
        };
        foreach (Option option in new Option[] { hub._data, hub._quiet, hub._json })
        {
            option.Recursive = true;
            command.Add(option);
        }

        hub._pcap.AddTo(command);
        hub._network.AddTo(command);
        command.Add(hub.Backup());
        command.Add(hub.Restore());
        command.SetAction((parsed, _) => hub.RunAsync(parsed));
        return command.WithExamples(
            "sockeye hub",
            "sockeye hub --lan",
            "sockeye hub --text tcp://127.0.0.1:7777 --web http://127.0.0.1:7780 --udp off",
            "sockeye hub --pcap hub.pcapng",
            "sockeye hub --lan --tls cert.pem key.pem",
            "sockeye hub backup monday.db");
    }

    private static Option<string?> Door(string name, string description, params string[] schemes)
    {
        Option<string?> door = OptionKinds.Text(name, description + "; off for none", "ADDRESS");
        door.CompletionSources.Add([.. schemes.Select(scheme => scheme + "://"), HubOptions.Off]);
        return door;
    }

    private Command Backup()
    {
        Argument<string> file = new("FILE") { Description = "where the copy goes" };
        Option<bool> force = OptionKinds.Flag("--force", "replace the file if it is there");
        Command command = new("backup", "Copy all that a hub keeps into one file, while it runs or not.") { file, force };
        command.SetAction((parsed, _) => RunOnDataAsync(parsed, directory => HubCopies.Backup(directory, parsed.GetValue(file)!, parsed.GetValue(force))));
        return command.WithExamples("sockeye hub backup monday.db", "sockeye hub backup monday.db --force --data /srv/hub");
    }

    private Command Restore()
    {
        Argument<string> file = new("FILE") { Description = "what `sockeye hub backup` made" };
        Command command = new("restore", "Put a backup in the place of what a hub keeps; no hub may run there.") { file };
        command.SetAction((parsed, _) => RunOnDataAsync(parsed, directory => HubCopies.Restore(directory, parsed.GetValue(file)!, _environment.Network.TimeProvider)));
        return command.WithExamples("sockeye hub restore monday.db", "sockeye hub restore monday.db --data /srv/hub");
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        HubSettings settings = HubSettings.Read(Given(parsed), parsed.GetValue(_config));
        if (parsed.GetValue(_printConfig))
        {
            Check(settings);
            await _environment.Output.WriteLineAsync(settings.Print());
            return ExitCodes.Done;
        }

        using StopSignals signals = _environment.StopSignals();
        await using ServingNetwork serving = _network.Open(parsed, _environment);
        await using EventLog log = OpenLog(parsed);
        await using PcapRecording? recording = _pcap.Open(parsed, _environment, log.Write);
        recording?.Observe(serving.Environment.Network);
        HubProgram program = new(serving.Environment, log);
        signals.Exiting += program.Close;
        bool isAnotherOwner = parsed.GetValue(_ownerLink);
        try
        {
            await program.RunAsync(settings.Options with { InvitesAnotherOwner = isAnotherOwner }, isAnotherOwner ? _environment.Error : null, signals.Token);
        }
        catch (HubOptionException e)
        {
            throw settings.Explain(e);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            // Asked to stop before it had begun: for a server that is an end like any other.
        }

        return ExitCodes.Done;
    }

    /// <summary>What would not start is not printed for somebody to start from.</summary>
    private void Check(HubSettings settings)
    {
        try
        {
            HubServer.Check(settings.Options, _environment.Network.TimeProvider);
        }
        catch (HubOptionException e)
        {
            throw settings.Explain(e);
        }
    }

    private async Task<int> RunOnDataAsync(ParseResult parsed, Func<string, string> work)
    {
        string directory = HubSettings.ReadDirectory(parsed.GetValue(_data));
        await using EventLog log = OpenLog(parsed);
        log.Write(new CliEvent(EventKind.Notice) { Message = work(directory) });
        return ExitCodes.Done;
    }

    private Dictionary<string, (string? Value, string Option)> Given(ParseResult parsed)
    {
        Dictionary<string, (string? Value, string Option)> given = [];
        foreach ((Option<string?> option, string property) in new[]
        {
            (_text, nameof(HubOptions.Text)), (_udp, nameof(HubOptions.Udp)), (_unix, nameof(HubOptions.Unix)), (_web, nameof(HubOptions.Web)),
            (_data, nameof(HubOptions.DataDirectory)),
        })
        {
            if (parsed.GetValue(option) is { } value)
                given.Add(HubOptions.KeyOf(property), (value, option.Name));
        }

        if (parsed.GetValue(_lan))
            given.Add(HubOptions.KeyOf(nameof(HubOptions.Lan)), (bool.TrueString, _lan.Name));
        if (parsed.GetValue(_tls) is [{ } certificate, ..] tls)
        {
            // Without a key here, one from elsewhere is not this certificate's.
            given.Add(HubOptions.KeyOf(nameof(HubOptions.TlsCertificate)), (certificate, _tls.Name));
            given.Add(HubOptions.KeyOf(nameof(HubOptions.TlsKey)), (tls.ElementAtOrDefault(1), _tls.Name));
        }

        return given;
    }

    private EventLog OpenLog(ParseResult parsed)
    {
        bool isJson = parsed.GetValue(_json);
        TextWriter? output = parsed.GetValue(_quiet) ? null : isJson ? _environment.Output : _environment.Error;
        return new EventLog(output, isJson ? new JsonFormat() : new TextFormat(_environment.Columns), _environment.Network.TimeProvider);
    }
}
