using System.CommandLine;
using System.CommandLine.Parsing;

namespace Sockeye.Cli.Commands;

/// <summary>The options of every verb that is a TLS client.</summary>
internal sealed class TlsClientCliOptions
{
    private readonly Option<bool> _insecure = OptionKinds.Flag("--insecure", "TLS: accept whatever certificate the server shows, from whoever is in between");
    private readonly Option<string[]> _pins = new("--pin")
    {
        Description = "TLS: accept only the certificate with this SHA-256 fingerprint, whoever issued it; may be given several times",
        HelpName = "SHA256",
    };

    private readonly Option<string?> _authorities = File("--ca", "TLS: trust the authorities in this PEM file, and no others");
    private readonly Option<string?> _name = new("--server-name") { Description = "TLS: the name to ask for and to verify, instead of the address's host", HelpName = "NAME" };
    private readonly Option<string?> _protocols = new("--alpn") { Description = "TLS: the application protocols to offer, as in h2,http/1.1", HelpName = "LIST" };
    private readonly Option<string?> _certificate = File("--cert", "TLS: show this client certificate, with its chain (PEM)");
    private readonly Option<string?> _key = File("--key", "TLS: the key of --cert, if that file does not hold it (PEM)");
    private readonly Option<string?> _keyLog = File("--keylog", "TLS: append the secrets to this file, for Wireshark; whoever has it can read everything");

    private Option[] All => [_insecure, _pins, _authorities, _name, _protocols, _certificate, _key, _keyLog];

    public static Option<string?> File(string name, string description)
    {
        Option<string?> option = new(name) { Description = description, HelpName = "FILE" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: "" }])
                result.AddError($"{name} cannot be \"\": it is the path of a file");
        });
        return option;
    }

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
        TlsFiles.StartKeyLog(_keyLog.Name, parsed.GetValue(_keyLog));
        if (parsed.GetValue(_insecure))
            environment.Error.WriteLine("sockeye: WARNING: --insecure: the server's certificate is NOT checked; whoever is in between can read and change everything");
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
            throw new UsageException($"{given.Name} is for TLS, and no address is: write tls://HOST:PORT");
        if (Has(_insecure) && (Has(_pins) || Has(_authorities)))
            throw new UsageException($"--insecure trusts everybody, {(Has(_pins) ? _pins.Name : _authorities.Name)} does not: keep one");
        if (Has(_pins) && Has(_authorities))
            throw new UsageException("a certificate that is pinned needs no authority: keep --pin or --ca");
        if (Has(_key) && !Has(_certificate))
            throw new UsageException("--key needs --cert: the certificate that it belongs to");
    }
}
