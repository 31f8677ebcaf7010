using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>Datagrams over one socket of a network, or over one for each loopback.</summary>
internal sealed class NetworkDatagramSocket(Network network, Address address, NetworkSocket[] sockets, EndPoint? remote) : DatagramSocket
{
    private int _next;

    public override Address Address => address;

    public override IReadOnlyList<EndPoint> LocalEndPoints { get; } = [.. sockets.Select(socket => socket.LocalEndPoint).OfType<EndPoint>()];

    public override EndPoint? RemoteEndPoint => remote;

    public override TimeProvider TimeProvider => network.TimeProvider;

    public override NetworkSocket Socket => sockets[0];

    internal override IReadOnlyList<NetworkSocket> Sockets => sockets;

    public override SocketAddress CreateAddress() => sockets.MaxBy(socket => socket.CreateAddress().Size)!.CreateAddress();

    public override ValueTask<DatagramResult> ReceiveAsync(Memory<byte> buffer, SocketAddress from, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(from);
        return sockets.Length == 1
            ? sockets[0].ReceiveFromAsync(buffer, from, SocketFlags.None, cancellationToken)
            : ReceiveFromAnyAsync(buffer, from, cancellationToken);
    }

    public override ValueTask SendAsync(ReadOnlyMemory<byte> datagram, SocketAddress to, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(to);
        return WithoutCount(SocketFor(to.Family).SendToAsync(datagram, to, SocketFlags.None, cancellationToken));
    }

    public override ValueTask SendAsync(ReadOnlyMemory<byte> datagram, CancellationToken cancellationToken = default)
    {
        if (remote is null)
            return ValueTask.FromException(new InvalidOperationException("This socket is connected to nobody: say to whom, or open it with ConnectDatagramAsync."));
        return WithoutCount(sockets[0].SendAsync(datagram, SocketFlags.None, cancellationToken));
    }

    public override ValueTask SendAsync(ReadOnlyMemory<byte> datagram, EndPoint to, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(to);
        return WithoutCount(SocketFor(to.AddressFamily).SendToAsync(datagram, to, SocketFlags.None, cancellationToken));
    }

    public override ValueTask DisposeAsync()
    {
        foreach (NetworkSocket socket in sockets)
            socket.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A datagram goes whole or not at all. One that the network takes at once, as it mostly does, costs no state machine here.</summary>
    private static ValueTask WithoutCount(ValueTask<int> sending)
    {
        if (!sending.IsCompletedSuccessfully)
            return new ValueTask(sending.AsTask());
        sending.GetAwaiter().GetResult();
        return default;
    }

    private NetworkSocket SocketFor(AddressFamily family) =>
        sockets.Length == 1 ? sockets[0] : Array.Find(sockets, socket => socket.AddressFamily == family) ?? sockets[0];

    private async ValueTask<DatagramResult> ReceiveFromAnyAsync(Memory<byte> buffer, SocketAddress from, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(sockets[0].IsClosed, this);
        SocketPoll[] items = Array.ConvertAll(sockets, socket => new SocketPoll(socket, SocketEvents.Readable));
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int first = _next++ & int.MaxValue;
            for (int i = 0; i < sockets.Length; i++)
            {
                NetworkSocket socket = sockets[(first + i) % sockets.Length];
                SocketError error = socket.ReceiveFromOnce(buffer.Span, SocketFlags.None, from, out DatagramResult result);
                if (error == SocketError.Success)
                    return result;
                if (error != SocketError.WouldBlock)
                    throw socket.Failure(error, "receive at");
            }

            await network.PollAsync(items, timeout: null, cancellationToken).ConfigureAwait(false);
        }
    }
}
