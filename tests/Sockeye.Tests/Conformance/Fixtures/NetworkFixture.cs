using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Conformance;

/// <summary>
/// A network under test: where clients and servers live, its clock, and how a scenario runs on it. One for each test.
/// </summary>
public abstract class NetworkFixture : IAsyncDisposable
{
    private static int Names;

    /// <summary>Where servers live.</summary>
    public abstract Network Server { get; }

    /// <summary>Where clients live; another host in a simulated internet.</summary>
    public virtual Network Client => Server;

    public TimeProvider Time => Server.TimeProvider;

    public abstract Feature Features { get; }

    /// <summary>How many listen side by side at an internet end point.</summary>
    public virtual int ShardsPerEndPoint => 1;

    /// <summary>Whether a connection's byte counts are those of its payload: no protocol adds any.</summary>
    public virtual bool CountsPayload => true;

    /// <summary>Where a server listens on IPv4.</summary>
    public virtual IPAddress Address4 => IPAddress.Loopback;

    /// <summary>Where a server listens on IPv6.</summary>
    public virtual IPAddress Address6 => IPAddress.IPv6Loopback;

    /// <summary>Where datagrams to everybody go.</summary>
    public virtual IPAddress BroadcastAddress => IPAddress.Parse("127.255.255.255");

    /// <summary>The index of the interface that multicast is kept to.</summary>
    public virtual int MulticastInterface => 1;

    public bool Can(Feature features) => (Features & features) == features;

    /// <summary>Runs a scenario to its end, and fails it rather than hang.</summary>
    public abstract Task RunAsync(Func<Task> scenario);

    /// <summary>Lets time pass on the networks' clock.</summary>
    public abstract ValueTask ElapseAsync(TimeSpan time);

    /// <summary>Lets what is on its way arrive.</summary>
    public virtual async ValueTask SettleAsync()
    {
        const int Turns = 16;
        for (int i = 0; i < Turns; i++)
            await Task.Yield();
    }

    /// <summary>Lets time pass, step by step, until <paramref name="task"/> has ended, however it did.</summary>
    public async ValueTask ElapseUntilAsync(Task task, TimeSpan step)
    {
        while (!task.IsCompleted)
            await ElapseAsync(step);
    }

    /// <summary>A TCP end point on the server of which a connect hears nothing, and what keeps it so.</summary>
    public virtual ValueTask<(IPEndPoint EndPoint, IAsyncDisposable Keeper)> OpenSilenceAsync(IPAddress address) => throw new NotSupportedException();

    /// <summary>A path in the file system that no other test uses.</summary>
    public virtual UnixDomainSocketEndPoint NewPath() => throw new NotSupportedException();

    /// <summary>An abstract name that no other test uses.</summary>
    public virtual UnixDomainSocketEndPoint NewName() => new($"\0sockeye-{Environment.ProcessId}-{Interlocked.Increment(ref Names)}");

    public bool Has(StreamKind kind) => kind switch
    {
        StreamKind.Unix => Can(Feature.UnixFiles),
        StreamKind.Abstract => Can(Feature.AbstractNames),
        _ => true,
    };

    public bool Has(DatagramKind kind) => kind switch
    {
        DatagramKind.Unix => Can(Feature.UnixFiles),
        DatagramKind.Abstract => Can(Feature.AbstractNames),
        _ => true,
    };

    /// <summary>Where to bind for a kind: any port, or a fresh name.</summary>
    public EndPoint NewEndPoint(StreamKind kind) => kind switch
    {
        StreamKind.Tcp4 => new IPEndPoint(Address4, 0),
        StreamKind.Tcp6 => new IPEndPoint(Address6, 0),
        StreamKind.Unix => NewPath(),
        _ => NewName(),
    };

    /// <inheritdoc cref="NewEndPoint(StreamKind)"/>
    public EndPoint NewEndPoint(DatagramKind kind) => kind switch
    {
        DatagramKind.Udp4 => new IPEndPoint(Address4, 0),
        DatagramKind.Udp6 => new IPEndPoint(Address6, 0),
        DatagramKind.Unix => NewPath(),
        _ => NewName(),
    };

    /// <summary>Sockets of Unix names never leave their host: their clients live where the server does.</summary>
    public Network ClientFor(EndPoint endPoint) => endPoint is UnixDomainSocketEndPoint ? Server : Client;

    /// <summary>A socket that listens at a fresh end point.</summary>
    public NetworkSocket Listen(StreamKind kind, SocketType type = SocketType.Stream)
    {
        EndPoint local = NewEndPoint(kind);
        NetworkSocket listener = Server.CreateSocket(local.AddressFamily, type);
        listener.Bind(local);
        listener.Listen();
        return listener;
    }

    /// <summary>A client's socket that can connect to <paramref name="listener"/>.</summary>
    public NetworkSocket NewClient(NetworkSocket listener) =>
        ClientFor(listener.LocalEndPoint!).CreateSocket(listener.AddressFamily, listener.SocketType);

    /// <summary>Two connected sockets: the one that connected, and the one that was accepted.</summary>
    public async ValueTask<SocketPair> ConnectedPairAsync(StreamKind kind = StreamKind.Tcp4, SocketType type = SocketType.Stream)
    {
        if (kind == StreamKind.Pair)
        {
            (NetworkSocket first, NetworkSocket second) = Server.CreatePair(type);
            return new SocketPair(first, second);
        }

        using NetworkSocket listener = Listen(kind, type);
        return await ConnectedPairAsync(listener);
    }

    /// <summary>The send buffer of a stream that is filled, in bytes.</summary>
    public const int FilledBufferSize = 32 * 1024;

    /// <summary>Whether a stream that takes nothing more stays so while its peer takes nothing: the network has nothing left to do of its own accord.</summary>
    protected virtual bool StaysFull(NetworkSocket sender) => true;

    /// <summary>Sends from the client until nothing fits any more: the next send waits.</summary>
    /// <returns>The bytes sent: <see cref="Payload.Of"/> as many.</returns>
    public async ValueTask<int> FillAsync(SocketPair pair)
    {
        // What the network takes off the sender's hands meanwhile makes room again.
        const int TimesFull = 4;
        int total = 0;

        // A size that is set stays; a kernel that may tune it makes room of its own accord. The receiver's is left alone: a window that was larger
        // before opens once more with the sender's first probe, 200 ms after it was full.
        pair.Client.SendBufferSize = FilledBufferSize;
        for (int full = 0; full < TimesFull; full++)
        {
            bool mayMakeRoom = !StaysFull(pair.Client);
            int sent = pair.Fill(total);
            if (sent > 0 || mayMakeRoom)
                full = 0;
            total += sent;
            await SettleAsync();
        }

        return total;
    }

    /// <summary>A client's socket connected to <paramref name="listener"/>, and the accepted one.</summary>
    public async ValueTask<SocketPair> ConnectedPairAsync(NetworkSocket listener)
    {
        NetworkSocket client = NewClient(listener);
        Task<NetworkSocket> accepting = listener.AcceptAsync().AsTask();
        await client.ConnectAsync(listener.LocalEndPoint!);
        return new SocketPair(client, await accepting);
    }

    /// <summary>Two connections over a connected pair of sockets.</summary>
    public virtual async ValueTask<ConnectionPair> ConnectionsAsync(StreamKind kind = StreamKind.Tcp4, StreamOptions? options = null)
    {
        SocketPair sockets = await ConnectedPairAsync(kind);
        return new ConnectionPair(
            sockets.Client.Network.CreateConnection(sockets.Client, options), sockets.Server.Network.CreateConnection(sockets.Server, options));
    }

    /// <summary>Two datagram sockets, each bound; the client's talks to anybody.</summary>
    public SocketPair BoundPair(DatagramKind kind)
    {
        EndPoint local = NewEndPoint(kind);
        NetworkSocket server = Server.CreateSocket(local.AddressFamily, SocketType.Dgram);
        server.Bind(local);
        NetworkSocket client = ClientFor(local).CreateSocket(local.AddressFamily, SocketType.Dgram);
        client.Bind(NewClientEndPoint(kind));
        return new SocketPair(client, server);
    }

    /// <summary>Where a client binds so that the server can answer it.</summary>
    public EndPoint NewClientEndPoint(DatagramKind kind) => kind switch
    {
        DatagramKind.Udp4 => new IPEndPoint(ClientAddress4, 0),
        DatagramKind.Udp6 => new IPEndPoint(ClientAddress6, 0),
        _ => NewEndPoint(kind),
    };

    /// <summary>Where a client binds on IPv4 so that the server can answer it.</summary>
    public virtual IPAddress ClientAddress4 => Address4;

    /// <summary>Where a client binds on IPv6.</summary>
    public virtual IPAddress ClientAddress6 => Address6;

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
