using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Sockeye.Cli.Doctor;

/// <summary>A port that somebody wants to listen at.</summary>
internal readonly record struct WantedPort(int Number, ProtocolType Protocol)
{
    /// <summary>Reads <c>8080</c>, <c>8080/tcp</c> or <c>53/udp</c>; null: it is none of these.</summary>
    public static WantedPort? Parse(string text)
    {
        string[] parts = text.Split('/');
        ProtocolType? protocol = parts.Length == 1 ? ProtocolType.Tcp : (parts.Length, parts[1]) switch
        {
            (2, "tcp") => ProtocolType.Tcp,
            (2, "udp") => ProtocolType.Udp,
            _ => null,
        };
        return protocol is { } known && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and <= IPEndPoint.MaxPort
            ? new WantedPort(number, known)
            : null;
    }

    public override string ToString() => $"{(Protocol == ProtocolType.Udp ? "UDP" : "TCP")} port {Number}";
}
