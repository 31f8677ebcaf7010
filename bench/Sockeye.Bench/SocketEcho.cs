using System.Net;
using System.Net.Sockets;

namespace Sockeye.Bench;

/// <summary>The echo on System.Net.Sockets as its documentation shows it: a task and a buffer a connection.</summary>
internal static class SocketEcho
{
    /// <summary>Starts a server and returns its port; 0 when it has a path.</summary>
    public static int Start(EchoPlace place)
    {
        EndPoint local = place.Path is null ? new IPEndPoint(IPAddress.Loopback, 0) : new UnixDomainSocketEndPoint(place.Path);
        bool isDatagram = place.Scheme == "udp";
        Socket socket = new(local.AddressFamily, isDatagram ? SocketType.Dgram : SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(local);
        if (isDatagram)
        {
            _ = EchoDatagramsAsync(socket, place.Size);
        }
        else
        {
            socket.Listen(4096);
            _ = AcceptAsync(socket, place);
        }

        return (socket.LocalEndPoint as IPEndPoint)?.Port ?? 0;
    }

    private static async Task AcceptAsync(Socket listener, EchoPlace place)
    {
        while (true)
            _ = EchoAsync(await listener.AcceptAsync(), place);
    }

    private static async Task EchoAsync(Socket socket, EchoPlace place)
    {
        using (socket)
        {
            if (place.Path is null)
                socket.NoDelay = true;
            byte[] buffer = new byte[place.BufferSize];
            while (true)
            {
                int count = await socket.ReceiveAsync(buffer.AsMemory());
                if (count == 0)
                    return;
                for (int sent = 0; sent < count;)
                    sent += await socket.SendAsync(buffer.AsMemory(sent, count - sent));
            }
        }
    }

    private static async Task EchoDatagramsAsync(Socket socket, int size)
    {
        byte[] buffer = new byte[size];
        SocketAddress from = new(socket.AddressFamily);
        while (true)
        {
            int count = await socket.ReceiveFromAsync(buffer, SocketFlags.None, from);
            await socket.SendToAsync(buffer.AsMemory(0, count), SocketFlags.None, from);
        }
    }
}
