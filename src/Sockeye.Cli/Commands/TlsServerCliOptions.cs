using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Sockeye.Cli.Output;

namespace Sockeye.Cli.Commands;

/// <summary>The options of every verb that is a TLS server.</summary>
internal sealed class TlsServerCliOptions
{
    private readonly Option<string?> _certificate = TlsClientCliOptions.File("--cert", "TLS: the server's certificate, with its chain (PEM)");
    private readonly Option<string?> _key = TlsClientCliOptions.File("--key", "TLS: the key of --cert, if that file does not hold it (PEM)");
    private readonly Option<bool> _selfSigned = OptionKinds.Flag("--self-signed", "TLS: make a certificate for this run, and print its fingerprint to hand over");
    private readonly Option<string?> _clientAuthorities = TlsClientCliOptions.File("--client-ca", "TLS: clients must have a certificate of an authority in this PEM file");
    private readonly Option<string?> _protocols = new("--alpn") { Description = "TLS: the application protocols to accept, as in h2,http/1.1", HelpName = "LIST" };
    private readonly Option<string?> _keyLog = TlsClientCliOptions.File("--keylog", "TLS: append the secrets to this file, for Wireshark; whoever has it can read everything");

    private Option[] All => [_certificate, _key, _selfSigned, _clientAuthorities, _protocols, _keyLog];

    public void AddTo(Command command)
    {
        foreach (Option option in All)
        {
            option.Recursive = true;
            command.Add(option);
        }
    }

    /// <summary>What the options say, for <see cref="ListenerOptions.Tls"/>; null when no address is TLS.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="addresses">What will be listened on.</param>
    /// <param name="environment">Whose clock and name a new certificate has.</param>
    /// <param name="target">What will be connected to as well: its secrets go to the key log too.</param>
    /// <exception cref="UsageException">They contradict each other or the addresses, or a file is not right.</exception>
    public TlsServerOptions? Read(ParseResult parsed, IReadOnlyCollection<Address> addresses, CliEnvironment environment, Address? target = null)
    {
        Check(parsed, addresses, target);
        TlsFiles.StartKeyLog(_keyLog.Name, parsed.GetValue(_keyLog));
        if (!addresses.Any(address => address.IsTls))
            return null;
        return new TlsServerOptions
        {
            Certificate = parsed.GetValue(_certificate) is { } path
                ? TlsFiles.Read(_certificate.Name, () => TlsCertificate.LoadPem(path, parsed.GetValue(_key)))
                : TlsCertificate.CreateSelfSigned(NamesFor(addresses, environment.Network), environment.Network.TimeProvider),
            ClientRoots = parsed.GetValue(_clientAuthorities) is { } file ? TlsFiles.Read(_clientAuthorities.Name, () => TlsCertificate.LoadAuthorities(file)) : null,
            ApplicationProtocols = TlsFiles.SplitProtocols(parsed.GetValue(_protocols)),
        };
    }

    /// <summary>The event that hands the fingerprint of a self-signed certificate over; null where there is none to hand over.</summary>
    public CliEvent? Announcement(ParseResult parsed, TlsServerOptions? options) => options is not null && parsed.GetValue(_selfSigned)
        ? new CliEvent(EventKind.Certificate) { Fingerprint = options.Certificate.Fingerprint, Message = "nobody vouches for it: clients trust it by --pin and this fingerprint" }
        : null;

    private void Check(ParseResult parsed, IReadOnlyCollection<Address> addresses, Address? target)
    {
        bool Has(Option option) => parsed.GetResult(option) is OptionResult { Implicit: false };
        Address? tls = addresses.FirstOrDefault(address => address.IsTls);
        if (tls is null && Array.Find(All, option => Has(option) && !(option == _keyLog && target?.IsTls == true)) is { } given)
            throw new UsageException($"{given.Name} is for TLS, and {(target is null ? "no address" : "no address to listen on")} is: write tls://HOST:PORT");
        if (Has(_selfSigned) && Has(_certificate))
            throw new UsageException("--self-signed makes a certificate, --cert brings one: keep one");
        if (Has(_key) && !Has(_certificate))
            throw new UsageException("--key needs --cert: the certificate that it belongs to");
        if (tls is not null && !Has(_selfSigned) && !Has(_certificate))
            throw new UsageException($"{tls} needs a certificate: --cert FILE, or --self-signed for one of this run");
    }

    /// <summary>This machine's usual names, and the hosts that are listened at.</summary>
    private static IEnumerable<string> NamesFor(IEnumerable<Address> addresses, Network network)
    {
        IEnumerable<string> hosts = addresses.Where(address => address.IsTls && !IsAny(address)).Select(address => address.Host);
        return hosts.Where(host => host.Length > 0).Concat(["localhost", "127.0.0.1", "::1", network.HostName]).Distinct(StringComparer.OrdinalIgnoreCase);
    }

    private static bool IsAny(Address address) =>
        address.EndPoint is IPEndPoint { Address: var ip } && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any));
}
