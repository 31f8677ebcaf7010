using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

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

    public static EofTransport Tls() => new EofTls();

    public static EofTransport WebSocket() => new EofWebSocket();

    public static EofTransport SecureWebSocket() => new EofSecureWebSocket();

    /// <summary>What <c>sockeye</c> needs to be told more than the address.</summary>
    public virtual string[] Arguments(EofRole program) => [];

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
        return new ValueTask<EofPeer>(new EofPeer(socket, new NetworkStream(socket, ownsSocket: true), () =>
        {
            socket.Shutdown(SocketShutdown.Send);
            return Task.CompletedTask;
        }));
    }

    public virtual void Dispose() => GC.SuppressFinalize(this);

    private Socket CreateSocket() =>
        new(EndPoint.AddressFamily, SocketType.Stream, EndPoint is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);

    private class EofTcp : EofTransport
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

    private sealed class EofTls : EofTcp
    {
        private static readonly X509Certificate2 Certificate = CreateCertificate();

        public override string Name => "tls";

        public override string Address => $"tls://{EndPoint}";

        public override string[] Arguments(EofRole program) => [program == EofRole.Client ? "--insecure" : "--self-signed"];

        [SuppressMessage("Security", "CA5359", Justification = "The certificate is the program's own, made for this run.")]
        public override async ValueTask<EofPeer> OpenAsync(Socket socket, EofRole program, CancellationToken stop)
        {
            EofPeer plain = await base.OpenAsync(socket, program, stop);
            SslStream tls = new(plain.Stream, leaveInnerStreamOpen: false, (_, _, _, _) => true);
            if (program == EofRole.Client)
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, stop);
            else
                await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, stop);
            return new EofPeer(socket, tls, async () =>
            {
                await tls.ShutdownAsync(); // close_notify, and then FIN
                await plain.EndAsync();
            });
        }

        private static X509Certificate2 CreateCertificate()
        {
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
            return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        }
    }

    /// <summary>Bytes in binary messages. The peer is the library: it answers a Close when its own side ends, and so knows half-close.</summary>
    private class EofWebSocket : EofTcp
    {
        public override string Name => "ws";

        public override string Address => $"ws://{EndPoint}/";

        public override string[] Arguments(EofRole program) => ["--binary"];

        public override async ValueTask<EofPeer> OpenAsync(Socket socket, EofRole program, CancellationToken stop)
        {
            socket.SendBufferSize = PeerBufferBytes;
            Connection below = Secure(Network.Host.CreateConnection(((HostNetwork)Network.Host).CreateSocket(socket.SafeHandle)), program);
            WebSocketConnection connection = program == EofRole.Client
                ? WebSocketConnection.Accept(below)
                : await WebSocketConnection.ConnectAsync(below, Sockeye.Address.Parse(Address), cancellationToken: stop);
            await connection.HandshakeAsync(stop);
            return new EofPeer(socket, connection.AsStream(), () => connection.Output.CompleteAsync().AsTask());
        }

        /// <summary>What goes between the WebSocket and TCP.</summary>
        protected virtual Connection Secure(Connection connection, EofRole program) => connection;
    }

    private sealed class EofSecureWebSocket : EofWebSocket
    {
        private static readonly TlsCertificate Certificate = TlsCertificate.CreateSelfSigned();

        public override string Name => "wss";

        public override string Address => $"wss://{EndPoint}/";

        public override string[] Arguments(EofRole program) => ["--binary", program == EofRole.Client ? "--insecure" : "--self-signed"];

        protected override Connection Secure(Connection connection, EofRole program) => program == EofRole.Client
            ? TlsConnection.CreateServer(connection, new TlsServerOptions { Certificate = Certificate })
            : TlsConnection.CreateClient(connection, new TlsClientOptions { AllowUntrusted = true });
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
