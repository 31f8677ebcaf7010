using System.CommandLine;
using System.Net.Sockets;

namespace Sockeye.Cli.Commands;

/// <summary>The addresses of <c>sockeye relay FROM... TO</c>: read, and going together.</summary>
internal static class RelayAddresses
{
    private static readonly AddressReader Known = new("connections and datagrams are relayed at", "cannot be relayed", AddressReader.AllProtocols);

    /// <exception cref="UsageException">One is not right, or they do not go together.</exception>
    public static (IReadOnlyList<Address> From, Address To) Read(Command command, string[] texts)
    {
        // The parser takes an option it does not know for an address.
        if (texts.FirstOrDefault(text => text.StartsWith('-')) is { } option)
            throw new UsageException(UsageProblem.UnknownOption(command, option));
        Address[] all = [.. texts.Select(Read)];
        if (all is not [.., { } to] || all.Length < 2)
            throw new UsageException($"{command.Name} needs where to listen and where to relay to; try {Examples.Of(command)[0]}");
        Address[] from = all[..^1];
        foreach (Address address in from)
            Check(address, to);

        Address? twice = Array.Find(from, address => from.Count(other => other == address) > 1 && (address.Port != 0 || address.EndPoint is UnixDomainSocketEndPoint));
        if (twice is not null)
            throw new UsageException($"the address {twice} is given twice; remove one");
        if (to.EndPoint is System.Net.IPEndPoint or System.Net.DnsEndPoint && to.Port == 0)
            throw new UsageException($"{to} is no target: port 0 is for listening on any free one");
        if (to.Options.Proxy == ProxyVersions.Any)
            throw new UsageException($"{to}: say which version of the PROXY protocol to send, proxy=v1 or proxy=v2");
        return (from, to);
    }

    /// <summary>What is relayed, in a few words.</summary>
    public static string Title(IReadOnlyList<Address> from, Address to) => $"{string.Join(", ", from)} to {to}";

    private static Address Read(string text) =>
        Address.TryParse(text, out Address? address, out string? error) ? address : throw new UsageException(Known.Explain(text, error));

    private static void Check(Address from, Address to)
    {
        foreach (Address address in new[] { from, to })
        {
            if (address.SocketType is not (SocketType.Stream or SocketType.Seqpacket or SocketType.Dgram) || address.Scheme is "icmp" or "http" or "https")
                throw new UsageException($"{address} cannot be relayed: only addresses of streams and of datagrams can be");
        }

        if (from == to)
            throw new UsageException($"{from} would be relayed to itself; give another target");
        if (IsDatagrams(from) != IsDatagrams(to))
        {
            throw new UsageException(
                $"{from} cannot be relayed to {to}: {Kind(from)} and {Kind(to)} do not mix, because a stream does not keep datagrams apart; make both streams or both datagrams");
        }
    }

    private static bool IsDatagrams(Address address) => address.SocketType == SocketType.Dgram;

    private static string Kind(Address address) => IsDatagrams(address) ? "datagrams" : "a stream";
}
