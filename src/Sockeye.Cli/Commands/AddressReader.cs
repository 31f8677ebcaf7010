using System.CommandLine;
using System.Net.Sockets;
using Sockeye.Cli.Output;

namespace Sockeye.Cli.Commands;

/// <summary>The addresses of a command line: read, and of a kind that the verb knows.</summary>
/// <param name="verb">As in "serve listens on".</param>
/// <param name="refusal">As in "cannot be served".</param>
/// <param name="schemes">Those it knows.</param>
internal sealed class AddressReader(string verb, string refusal, string schemes)
{
    /// <summary>Every kind of socket there is, connections and datagrams, on IP and on Unix, and what is spoken over one.</summary>
    public const string AllProtocols = "tcp, tls, ws, wss, udp, unix, unix-dgram, unix-seqpacket and abstract";

    private readonly HashSet<string> _schemes =
        [.. schemes.Split([", ", " and "], StringSplitOptions.None).SelectMany(scheme => scheme is "tcp" or "udp" ? [scheme, scheme + "4", scheme + "6"] : new[] { scheme })];

    /// <exception cref="UsageException">One is not right.</exception>
    public IReadOnlyList<Address> ReadAll(Command command, string[] texts)
    {
        List<Address> addresses = [];
        foreach (string text in texts)
        {
            Address address = Read(command, text);
            if (addresses.Contains(address) && (address.Port != 0 || address.EndPoint is UnixDomainSocketEndPoint))
                throw new UsageException($"the address {address} is given twice; remove one");
            addresses.Add(address);
        }

        return addresses;
    }

    /// <exception cref="UsageException">It is not right.</exception>
    public Address Read(Command command, string text)
    {
        // The parser takes an option it does not know for an address.
        if (text.StartsWith('-'))
            throw new UsageException(UsageProblem.UnknownOption(command, text));
        if (!Address.TryParse(text, out Address? address, out string? error))
            throw new UsageException(Explain(text, error));
        return _schemes.Contains(address.Scheme) ? address : throw new UsageException(Refuse(address));
    }

    /// <summary>What is wrong with the text: where its scheme is unknown, with the nearest of those that the verb takes, not of all.</summary>
    public string Explain(string text, string error)
    {
        const string Unknown = " is unknown; ";
        int end = text.IndexOf("://", StringComparison.Ordinal);
        int advice = error.IndexOf(Unknown, StringComparison.Ordinal);
        if (end < 0 || advice < 0 || !error.Contains(": the scheme ", StringComparison.Ordinal))
            return Sentences.Continue(error);
        string? meant = NearestWord.Find(text[..end], _schemes) is { } nearest ? nearest + text[end..] : null;
        return Sentences.Continue(error[..(advice + Unknown.Length)]) + (Address.TryParse(meant, out _, out _) ? $"try {meant}" : $"{verb} {schemes} addresses");
    }

    private string Refuse(Address address)
    {
        string advice = address.Scheme == "icmp" ? $"; try sockeye ping {address.Host}"
            : address.Port == 0 ? ""
            : $"; try {(address.IsTls ? "tls" : "tcp")}://{(address.Host.Contains(':') ? $"[{address.Host}]" : address.Host)}:{address.Port}";
        return $"{address} {refusal}: {verb} {schemes} addresses{advice}";
    }
}
