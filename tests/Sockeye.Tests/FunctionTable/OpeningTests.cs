using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.FunctionTable;

public class OpeningTests : FunctionTableTests
{
    [Fact]
    public void Socket()
    {
        Network network = Network.Host;
        // snippet: socket
        using NetworkSocket socket = network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        // end snippet
        Assert.Equal((AddressFamily.InterNetwork, SocketType.Stream), (socket.AddressFamily, socket.SocketType));
        SocketException e = Assert.Throws<SocketException>(() => network.CreateSocket(AddressFamily.Unix, SocketType.Raw));
        Assert.Contains("UNIX has STREAM, DGRAM and SEQPACKET", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bind()
    {
        NetworkSocket socket = Open();
        // snippet: bind
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        EndPoint bound = socket.LocalEndPoint!;     // with the port that was free
        // end snippet
        Assert.NotEqual(0, ((IPEndPoint)bound).Port);
    }

    [Fact]
    public void Bind_in_use()
    {
        NetworkSocket socket = Open();
        EndPoint bound = OpenListening().LocalEndPoint!;
        string message = "";
        // snippet: bind in use
        try
        {
            socket.Bind(bound);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            message = e.Message;    // names the address and, on Linux, the process that has it
        }
        // end snippet
        Assert.Contains($"tcp://{bound}", message, StringComparison.Ordinal);
        if (OperatingSystem.IsLinux())
            Assert.Contains("another socket of this program has it", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bind_to_a_path()
    {
        string path = Path.Combine(OpenFolder().Path, "socket");
        NetworkSocket socket = Open(AddressFamily.Unix);
        // snippet: bind to a path
        socket.Bind(new UnixDomainSocketEndPoint(path));
        // end snippet
        Assert.Equal(path, $"{socket.LocalEndPoint}");
        socket.Dispose();
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Listen_and_accept()
    {
        CancellationToken stop = Stop;
        NetworkSocket listener = OpenBound(SocketType.Stream);
        // snippet: listen
        listener.Listen(backlog: 16);
        // end snippet
        Open().Connect(listener.LocalEndPoint!);
        Open().Connect(listener.LocalEndPoint!);
        // snippet: accept
        using NetworkSocket first = listener.Accept();
        using NetworkSocket second = await listener.AcceptAsync(stop);
        EndPoint? peer = first.RemoteEndPoint;
        // end snippet
        Assert.NotNull(peer);
        Assert.NotEqual(peer, second.RemoteEndPoint);
        Assert.Equal(SocketError.WouldBlock, listener.TryAccept(out _));
    }

    [Fact]
    public async Task Connect()
    {
        CancellationToken stop = Stop;
        EndPoint server = OpenListening().LocalEndPoint!;
        NetworkSocket socket = Open(), another = Open();
        // snippet: connect
        socket.Connect(server);
        await another.ConnectAsync(server, stop);
        // end snippet
        Assert.Equal(server, socket.RemoteEndPoint);
        Assert.Equal(server, another.RemoteEndPoint);
    }

    [Fact]
    public async Task Connect_ex()
    {
        CancellationToken stop = Stop;
        EndPoint server = ClosedEndPoint();
        NetworkSocket socket = Open(), another = Open();
        // snippet: connect_ex
        SocketError error = socket.TryConnect(server);      // no exception: ConnectionRefused, for example
        SocketError other = await another.TryConnectAsync(server, stop);
        // end snippet
        Assert.Equal(SocketError.ConnectionRefused, error);
        Assert.Equal(SocketError.ConnectionRefused, other);
        SocketException e = Assert.Throws<SocketException>(() => Open().Connect(server));
        Assert.Contains($"tcp://{server}", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Connect_without_waiting(bool isThere)
    {
        Network network = Network.Host;
        EndPoint server = isThere ? OpenListening().LocalEndPoint! : ClosedEndPoint();
        NetworkSocket socket = Open();
        // snippet: connect without waiting
        socket.Timeout = TimeSpan.Zero;
        SocketError error = socket.TryConnect(server);      // InProgress
        network.Poll([new SocketPoll(socket, SocketEvents.Writable)]);
        error = socket.TakeError();                         // how it ended
        // end snippet
        Assert.Equal(isThere ? SocketError.Success : SocketError.ConnectionRefused, error);
    }

    [Fact]
    public void Socketpair()
    {
        Network network = Network.Host;
        // snippet: socketpair
        (NetworkSocket first, NetworkSocket second) = network.CreatePair();
        // end snippet
        Keep(first).SendAll("x"u8);
        Assert.Equal(1, Keep(second).Receive(new byte[2]));
    }

    [Fact]
    public async Task Create_server_and_create_connection()
    {
        Network network = Network.Host;
        CancellationToken stop = Stop;
        // snippet: create_server
        await using Listener listener = await network.ListenAsync("tcp://localhost:0", cancellationToken: stop);
        IReadOnlyList<EndPoint> bound = listener.LocalEndPoints;    // 127.0.0.1 and [::1], the same port
        // end snippet
        // snippet: create_connection
        await using Connection connection = await network.ConnectAsync(
            listener.Address, new ConnectorOptions { ConnectTimeout = TimeSpan.FromSeconds(10) }, stop);
        // end snippet
        Assert.All(bound, endPoint => Assert.Equal(listener.Address.Port, ((IPEndPoint)endPoint).Port));
        await using Connection? accepted = await listener.AcceptAsync(stop);
        Assert.Equal(connection.LocalEndPoint, accepted!.RemoteEndPoint);
        connection.Abort();
    }

    [Fact]
    public void Dual_stack()
    {
        if (!System.Net.Sockets.Socket.OSSupportsIPv6)
            Assert.Skip("This machine has no IPv6.");
        NetworkSocket listener = Open(AddressFamily.InterNetworkV6);
        IPAddress address = IPAddress.Loopback.MapToIPv6();
        // snippet: dual stack
        listener.DualMode = true;               // IPv6Any then takes IPv4 too
        listener.Bind(new IPEndPoint(address, 0));
        listener.Listen();
        // end snippet
        NetworkSocket client = Open();
        client.Connect(EndPoints.Unmap(listener.LocalEndPoint!));
        Assert.Equal(client.LocalEndPoint, EndPoints.Unmap(Keep(listener.Accept()).RemoteEndPoint!));
    }
}
