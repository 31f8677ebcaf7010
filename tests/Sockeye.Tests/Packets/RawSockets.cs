using System.Net.Sockets;

namespace Sockeye.Tests.Packets;

/// <summary>For tests that need CAP_NET_RAW.</summary>
internal static class RawSockets
{
    public static NetworkSocket Create(AddressFamily family, ProtocolType protocol)
    {
        try
        {
            return Network.Host.CreateSocket(family, SocketType.Raw, protocol);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            Assert.Skip("Raw sockets need root or CAP_NET_RAW.");
            throw;
        }
    }
}
