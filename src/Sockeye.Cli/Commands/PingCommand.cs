using System.CommandLine;
using Sockeye.Cli.Pinging;

namespace Sockeye.Cli.Commands;

/// <summary><c>sockeye ping HOST</c></summary>
internal sealed class PingCommand
{
    private readonly CliEnvironment _environment;
    private readonly PingOptions _options = new();

    private PingCommand(CliEnvironment environment) => _environment = environment;

    public static Command Create(CliEnvironment environment)
    {
        PingCommand ping = new(environment);
        Command command = new("ping", "Ask a host for echoes (ICMP, ICMPv6): how long they take, and how many are lost.");
        Argument<string> host = new("HOST")
        {
            Description = "a name or an IP address, also as icmp://HOST",
            HelpName = "HOST",
        };
        command.Add(host);
        ping._options.AddTo(command);
        command.SetAction((parsed, _) => ping.RunAsync(command, parsed, parsed.GetValue(host)!));
        return command.WithExamples(
            "sockeye ping localhost --count 3",
            "sockeye ping -6 example.org --interval 200ms",
            "sockeye ping 192.0.2.1 --ttl 3 --count 1",
            "sockeye ping icmp://[::1] --count 10 --quiet --json");
    }

    /// <exception cref="UsageException">It is no host.</exception>
    internal static Address ReadTarget(string text)
    {
        bool hasScheme = text.Contains("://", StringComparison.Ordinal);
        string address = hasScheme ? text
            : text.Contains(':') && !text.StartsWith('[') ? $"icmp://[{text}]"
            : $"icmp://{text}";
        if (!Address.TryParse(address, out Address? target, out string? error))
        {
            if (!hasScheme && Address.TryParse($"tcp://{text}", out Address? port, out _))
                throw new UsageException(NoPort(text, port));
            if (hasScheme && Address.TryParse($"icmp://{text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..]}", out Address? host, out _))
                throw new UsageException(NoPort(text, host));
            throw new UsageException(char.ToLowerInvariant(error[0]) + error[1..]);
        }

        return target.Scheme == "icmp" ? target : throw new UsageException(NoPort($"{target}", target));
    }

    private static string NoPort(string text, Address host) => $"{text} cannot be pinged: ping asks hosts, not ports; try sockeye ping {host.Host}";

    private async Task<int> RunAsync(Command command, ParseResult parsed, string host)
    {
        // The parser takes an option it does not know for the host.
        if (host.StartsWith('-'))
            throw new UsageException(UsageProblem.UnknownOption(command, host));
        Address target = ReadTarget(host);
        PingSettings settings = _options.Read(parsed, target);
        PingReport report = _options.IsJson(parsed)
            ? new PingJson(_environment.Output, _options.IsQuiet(parsed), _environment.Network.TimeProvider)
            : new PingText(_environment.Output, _environment.Error, _options.IsQuiet(parsed));
        using StopSignals signals = _environment.StopSignals();
        return await new PingProgram(_environment.Network, settings, report).RunAsync(target, signals.Token);
    }
}
