using System.Net;

namespace Sockeye.Cli.Tracing;

/// <summary>The packets to and from one end point, and which of them are ours: others here may talk to it too.</summary>
internal sealed class Watch(PacketCapture capture, IPEndPoint remote)
{
    public PacketCapture Capture => capture;

    public IPEndPoint Remote => remote;

    /// <summary>Our port; 0 until it is known.</summary>
    public int LocalPort { get; set; }

    /// <summary>While the socket has not told its port, the first SYN after its connect was begun is taken for its own: a connect that fails never tells.</summary>
    public bool IsOurs(CapturedPacket packet)
    {
        // An error comes from anybody: what it is about says whose it is.
        IPEndPoint local = packet.Icmp is null
            ? packet.IsFromRemote ? packet.Destination : packet.Source
            : (packet.IsFromRemote ? packet.QuotedSource : packet.QuotedDestination)!;
        if (LocalPort == 0 && !packet.IsFromRemote && packet.Tcp is { } tcp && (tcp.Flags & TcpFlags.Syn) != 0)
            LocalPort = local.Port;
        return local.Port == LocalPort;
    }
}
