using System.CommandLine;
using System.CommandLine.Parsing;

namespace Sockeye.Cli.Commands;

/// <summary>The options of every verb that is a TLS client.</summary>
internal sealed class TlsClientCliOptions
{
    private readonly string _side;
    private readonly Option<bool> _insecure;
    private readonly Option<string[]> _pins;
    private readonly Option<string?> _authorities;
    private readonly Option<string?> _name;
    private readonly Option<string?> _protocols;
    private readonly Option<string?> _certificate;
    private readonly Option<string?> _key;
    private readonly Option<string?> _keyLog;
    private readonly bool _hasKeyLog;

    /// <param name="prefix">Goes before the options' names where a verb is a TLS server too: its own options have the plain names, and <c>--keylog</c> is one of them.</param>
    public TlsClientCliOptions(string prefix = "")
    {
        string tls = prefix.Length == 0 ? "TLS" : $"TLS to the {prefix.TrimEnd('-')}";
        string name = $"--{prefix}";
        _side = prefix.Length == 0 ? "no address" : $"the {prefix.TrimEnd('-')}";
        _hasKeyLog = prefix.Length == 0;
        _insecure = OptionKinds.Flag($"{name}insecure", $"{tls}: accept whatever certificate the server shows, from whoever is in between");
        _pins = new Option<string[]>($"{name}pin")
        {
            Description = $"{tls}: accept only the certificate with this SHA-256 fingerprint, whoever issued it; may be given several times",
            HelpName = "SHA256",
        };
        _authorities = File($"{name}ca", $"{tls}: trust the authorities in this PEM file, and no others");
        _name = OptionKinds.Text($"{name}server-name", $"{tls}: the name to ask for and to verify, instead of the address's host", "NAME");
        _protocols = OptionKinds.Text($"{name}alpn", $"{tls}: the application protocols to offer, as in h2,http/1.1", "LIST");
        _certificate = File($"{name}cert", $"{tls}: show this client certificate, with its chain (PEM)");
        _key = File($"{name}key", $"{tls}: the key of {name}cert, if that file does not hold it (PEM)");
        _keyLog = File("--keylog", "TLS: append the secrets to this file, for Wireshark; whoever has it can read everything");
    }

    private Option[] All => [_insecure, _pins, _authorities, _name, _protocols, _certificate, _key, .. _hasKeyLog ? new Option[] { _keyLog } : []];

    public static Option<string?> File(string name, string description) => new(name) { Description = description, HelpName = "FILE" };

    public void AddTo(Command command)
    {
        foreach (Option option in All)
        {
            option.Recursive = true;
            command.Add(option);
        }
    }

    /// <summary>What the options say, for <see cref="ConnectorOptions.Tls"/>; <c>--insecure</c> is shouted on standard error.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="addresses">What will be connected to: without a TLS address the options would do nothing, and that is said.</param>
    /// <param name="environment">Where to shout.</param>
    /// <exception cref="UsageException">They contradict each other, or a file is not right.</exception>
    public TlsClientOptions Read(ParseResult parsed, IEnumerable<Address> addresses, CliEnvironment environment)
    {
        Check(parsed, addresses);
        if (_hasKeyLog)
            TlsFiles.StartKeyLog(_keyLog.Name, parsed.GetValue(_keyLog));
        if (parsed.GetValue(_insecure))
            environment.Error.WriteLine($"sockeye: WARNING: {_insecure.Name}: the server's certificate is NOT checked; whoever is in between can read and change everything");
        return new TlsClientOptions
        {
            AllowUntrusted = parsed.GetValue(_insecure),
            Pins = TlsFiles.Read(_pins.Name, () => new TlsClientOptions { Pins = parsed.GetValue(_pins) ?? [] }).Pins,
            TrustedRoots = parsed.GetValue(_authorities) is { } path ? TlsFiles.Read(_authorities.Name, () => TlsCertificate.LoadAuthorities(path)) : null,
            TargetHost = parsed.GetValue(_name),
            ApplicationProtocols = TlsFiles.SplitProtocols(parsed.GetValue(_protocols)),
            Certificate = parsed.GetValue(_certificate) is { } file ? TlsFiles.Read(_certificate.Name, () => TlsCertificate.LoadPem(file, parsed.GetValue(_key))) : null,
        };
    }

    private void Check(ParseResult parsed, IEnumerable<Address> addresses)
    {
        bool Has(Option option) => parsed.GetResult(option) is OptionResult { Implicit: false };
        if (Array.Find(All, Has) is { } given && !addresses.Any(address => address.IsTls))
            throw new UsageException($"{given.Name} is for TLS, and {_side} is{(_hasKeyLog ? "" : " not")}: write tls://HOST:PORT");
        if (Has(_insecure) && (Has(_pins) || Has(_authorities)))
            throw new UsageException($"{_insecure.Name} trusts everybody, {(Has(_pins) ? _pins.Name : _authorities.Name)} does not: keep one");
        if (Has(_pins) && Has(_authorities))
            throw new UsageException($"a certificate that is pinned needs no authority: keep {_pins.Name} or {_authorities.Name}");
        if (Has(_key) && !Has(_certificate))
            throw new UsageException($"{_key.Name} needs {_certificate.Name}: the certificate that it belongs to");
    }
}
