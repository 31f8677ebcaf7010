using System.CommandLine;
using System.Net.Sockets;

namespace Sockeye.Cli.Commands;

/// <summary>The addresses of <c>sockeye serve</c>: read, and of a kind that can be served.</summary>
internal static class ServeAddresses
{
    private static readonly string[] Schemes = ["tcp", "tcp4", "tcp6", "udp", "udp4", "udp6", "unix", "unix-dgram", "unix-seqpacket", "abstract", "tls"];

    /// <exception cref="UsageException">One is not right.</exception>
    public static IReadOnlyList<Address> Read(Command command, string[] texts)
    {
        // The parser takes an option it does not know for an address.
        if (texts.FirstOrDefault(text => text.StartsWith('-')) is { } option)
            throw new UsageException(UsageProblem.UnknownOption(command, option));

        List<Address> addresses = [];
        foreach (string text in texts)
        {
            if (!Address.TryParse(text, out Address? address, out string? error))
                throw new UsageException(char.ToLowerInvariant(error[0]) + error[1..]);
            if (!Schemes.Contains(address.Scheme))
                throw new UsageException(NotServed(address));
            if (addresses.Contains(address) && (address.Port != 0 || address.EndPoint is UnixDomainSocketEndPoint))
                throw new UsageException($"the address {address} is given twice; remove one");
            addresses.Add(address);
        }

        return addresses;
    }

    private static string NotServed(Address address)
    {
        string advice = address.Port == 0 ? "" : $"; try {(address.IsTls ? "tls" : "tcp")}://{(address.Host.Contains(':') ? $"[{address.Host}]" : address.Host)}:{address.Port}";
        return $"{address} cannot be served: serve listens on tcp, tls, udp, unix, unix-dgram, unix-seqpacket and abstract addresses{advice}";
    }
}
