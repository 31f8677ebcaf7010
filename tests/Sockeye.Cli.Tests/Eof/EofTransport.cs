using System.Net;
using System.Net.Sockets;

namespace Sockeye.Cli.Tests.Eof;

/// <summary>What the connection runs over, at an address of its own; the peer's side of it.</summary>
public abstract class EofTransport : IDisposable
{
    /// <summary>What a peer sends may wait in its own buffer: the smaller it is, the sooner the direction is full.</summary>
    private const int PeerBufferBytes = 64 * 1024;

    /// <summary>The name of the transport.</summary>
    public abstract string Name { get; }

    /// <summary>The address as <c>sockeye</c> takes it.</summary>
    public abstract string Address { get; }

    /// <summary>Where it is.</summary>
    public abstract EndPoint EndPoint { get; }

    public static EofTransport Tcp() => new EofTcp();

    public static EofTransport Unix() => new EofUnix();

    /// <summary>Listens for the program.</summary>
    public Socket Listen()
    {
        Socket listener = CreateSocket();
        listener.Bind(EndPoint);
        listener.Listen(1);
        return listener;
    }

    /// <summary>Connects to the program, as soon as it listens.</summary>
    public async Task<Socket> ConnectAsync(CancellationToken stop)
    {
        while (true)
        {
            Socket socket = CreateSocket();
            try
            {
                await socket.ConnectAsync(EndPoint, stop);
                return socket;
            }
            catch (SocketException)
            {
                socket.Dispose();
                await Task.Delay(20, stop); // nobody tells when another program listens
            }
        }
    }

    /// <summary>The peer on a connected socket.</summary>
    public virtual ValueTask<EofPeer> OpenAsync(Socket socket, EofRole program, CancellationToken stop)
    {
        socket.SendBufferSize = PeerBufferBytes;
        return new ValueTask<EofPeer>(new EofPeer(new NetworkStream(socket, ownsSocket: true), () =>
        {
            socket.Shutdown(SocketShutdown.Send);
            return Task.CompletedTask;
        }));
    }

    public virtual void Dispose() => GC.SuppressFinalize(this);

    private Socket CreateSocket() =>
        new(EndPoint.AddressFamily, SocketType.Stream, EndPoint is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);

    private sealed class EofTcp : EofTransport
    {
        private readonly IPEndPoint _endPoint = new(IPAddress.Loopback, FreePort());

        public override string Name => "tcp";

        public override string Address => $"tcp://{_endPoint}";

        public override EndPoint EndPoint => _endPoint;

        private static int FreePort()
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            return ((IPEndPoint)socket.LocalEndPoint!).Port;
        }
    }

    private sealed class EofUnix : EofTransport
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sockeye-eof-");

        public override string Name => "unix";

        public override string Address => $"unix://{_folder.FullName}/s";

        public override EndPoint EndPoint => new UnixDomainSocketEndPoint($"{_folder.FullName}/s");

        public override void Dispose()
        {
            _folder.Delete(recursive: true);
            base.Dispose();
        }
    }
}
