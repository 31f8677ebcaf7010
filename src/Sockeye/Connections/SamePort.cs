using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// Opens one socket for each end point of an address, all on the same port: <c>localhost</c> is two end points, and a port that was free for the first
/// may be taken for the second.
/// </summary>
internal static class SamePort
{
    /// <summary>How many free ports are tried until one is free on all.</summary>
    private const int TriesMax = 16;

    /// <exception cref="SocketException">One of them cannot be opened; none stays open.</exception>
    public static async ValueTask<NetworkSocket[]> OpenAsync(EndPoint[] endPoints, Func<EndPoint, ValueTask<NetworkSocket>> open)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await OpenOnceAsync(endPoints, open).ConfigureAwait(false);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse
                && endPoints.Length > 1 && endPoints[0] is IPEndPoint { Port: 0 } && tries < TriesMax)
            {
                // Free for the first, taken for another: take another port.
            }
        }
    }

    private static async ValueTask<NetworkSocket[]> OpenOnceAsync(EndPoint[] endPoints, Func<EndPoint, ValueTask<NetworkSocket>> open)
    {
        List<NetworkSocket> sockets = [];
        SocketException? missing = null;
        int port = 0;
        try
        {
            foreach (EndPoint endPoint in endPoints)
            {
                try
                {
                    sockets.Add(await open(endPoint is IPEndPoint { Port: 0 } ip ? new IPEndPoint(ip.Address, port) : endPoint).ConfigureAwait(false));
                    port = sockets[^1].LocalEndPoint is IPEndPoint bound ? bound.Port : 0;
                }
                catch (SocketException e) when (endPoints.Length > 1 && e.SocketErrorCode is SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable)
                {
                    // A machine without IPv6 still has the other loopback.
                    missing = e;
                }
            }

            return sockets.Count > 0 ? [.. sockets] : throw missing!;
        }
        catch
        {
            foreach (NetworkSocket socket in sockets)
                socket.Dispose();
            throw;
        }
    }
}
