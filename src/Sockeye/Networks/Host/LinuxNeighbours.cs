using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>What listens beside a port of this machine that refused, by /proc/net (proc(5)): on another address, or for datagrams.</summary>
internal static class LinuxNeighbours
{
    private const string TcpListening = "0A";

    /// <summary>A port that a datagram socket is not connected to anybody by.</summary>
    private const string NoPort = ":0000";

    /// <summary>What to try instead of <paramref name="refused"/>, or null when nothing near it listens, or it is another machine's.</summary>
    public static string? Describe(IPEndPoint refused)
    {
        try
        {
            if (!IsOwn(refused.Address))
                return null;
            IPAddress[] streams = Find("tcp", refused.Port);
            if (streams.Length > 0)
                return DescribeStreams(refused, streams);
            return Find("udp", refused.Port) is [{ } datagrams, ..]
                ? $"nothing listens on TCP port {refused.Port} there, but udp://{new IPEndPoint(datagrams, refused.Port)} does: use udp://"
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or NetworkInformationException)
        {
            return null;
        }
    }

    private static string DescribeStreams(IPEndPoint refused, IPAddress[] listeners)
    {
        IPEndPoint instead = new(listeners[0], refused.Port);
        if (Array.TrueForAll(listeners, address => address.AddressFamily != refused.AddressFamily))
            return $"tcp://{instead} listens: that server is {(instead.AddressFamily == AddressFamily.InterNetwork ? "IPv4" : "IPv6")} only, use that address";
        return $"tcp://{instead} listens on that port, and not on this address: use that one";
    }

    /// <summary>The local addresses that are listened on at the port: "sl local_address rem_address st …", all in hexadecimal.</summary>
    private static IPAddress[] Find(string protocol, int port)
    {
        string suffix = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        List<IPAddress> found = [];
        foreach (string file in new[] { "/proc/net/" + protocol, "/proc/net/" + protocol + "6" })
        {
            if (!File.Exists(file))
                continue;
            foreach (string line in File.ReadLines(file).Skip(1))
            {
                string[] columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (columns.Length > 3 && columns[1].EndsWith(suffix, StringComparison.Ordinal)
                    && (protocol == "tcp" ? columns[3] == TcpListening : columns[2].EndsWith(NoPort, StringComparison.Ordinal)))
                {
                    found.Add(Parse(columns[1][..^suffix.Length]));
                }
            }
        }

        return [.. found];
    }

    /// <summary>The kernel prints words of 32 bits, each in the machine's order of bytes.</summary>
    private static IPAddress Parse(string hexadecimal)
    {
        byte[] bytes = Convert.FromHexString(hexadecimal);
        if (BitConverter.IsLittleEndian)
        {
            for (int word = 0; word < bytes.Length; word += sizeof(int))
                bytes.AsSpan(word, sizeof(int)).Reverse();
        }

        IPAddress address = new(bytes);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    private static bool IsOwn(IPAddress address) => IPAddress.IsLoopback(address)
        || NetworkInterface.GetAllNetworkInterfaces().Any(card => card.GetIPProperties().UnicastAddresses.Any(own => own.Address.Equals(address)));
}
