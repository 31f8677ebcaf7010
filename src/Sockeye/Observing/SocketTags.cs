using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>What OpenTelemetry's conventions call a socket's kind and its end points.</summary>
internal static class SocketTags
{
    /// <summary><c>network.transport</c> and, of IP, <c>network.type</c>.</summary>
    public static TagList Of(AddressFamily family, SocketType type)
    {
        TagList tags = new() { { "network.transport", Transport(family, type) } };
        if (family is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)
            tags.Add("network.type", family == AddressFamily.InterNetwork ? "ipv4" : "ipv6");
        return tags;
    }

    /// <summary>An end point's address and, of IP, its port, as tags that begin with <paramref name="prefix"/>.</summary>
    public static void Set(Activity activity, string prefix, EndPoint? endPoint)
    {
        switch (endPoint)
        {
            case IPEndPoint ip:
                activity.SetTag($"{prefix}.address", ip.Address.ToString());
                activity.SetTag($"{prefix}.port", ip.Port);
                break;
            case not null:
                activity.SetTag($"{prefix}.address", endPoint.ToString());
                break;
        }
    }

    private static string Transport(AddressFamily family, SocketType type) => (family, type) switch
    {
        (AddressFamily.Unix, _) => "unix",
        (_, SocketType.Stream) => "tcp",
        (_, SocketType.Dgram) => "udp",
        _ => "raw",
    };
}
