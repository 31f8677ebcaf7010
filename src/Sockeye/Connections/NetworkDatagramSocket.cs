using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Sockeye;

/// <summary>Datagrams over one socket of a network, or over one for each loopback.</summary>
internal sealed class NetworkDatagramSocket(Network network, Address address, NetworkSocket[] sockets, EndPoint? remote) : DatagramSocket
{
    private int _next;
    private int _foundAtOnce;
    private FairTurn? _turn;

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
        ValueTask<DatagramResult> receiving = sockets.Length == 1
            ? sockets[0].ReceiveFromAsync(buffer, from, SocketFlags.None, cancellationToken)
            : ReceiveFromAnyAsync(buffer, from, cancellationToken);
        return GivesWay(receiving.IsCompleted) ? AfterOthersAsync(receiving) : receiving;
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

    public override ValueTask ReceiveAsync(DatagramBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ValueTask receiving = sockets.Length == 1 ? sockets[0].ReceiveBatchAsync(batch, cancellationToken) : ReceiveFromAnyAsync(batch, cancellationToken);
        return GivesWay(receiving.IsCompleted) ? AfterOthersAsync(receiving) : receiving;
    }

    public override ValueTask SendAsync(DatagramBatch batch, int first, CancellationToken cancellationToken = default)
    {
        CheckFirst(batch, first);
        batch.SentCount = first;
        return sockets.Length == 1 ? sockets[0].SendBatchAsync(batch, first, batch.Count, cancellationToken) : SendByFamilyAsync(batch, first, cancellationToken);
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

    private NetworkSocket SocketFor(AddressFamily family)
    {
        foreach (NetworkSocket socket in sockets)
        {
            if (socket.AddressFamily == family)
                return socket;
        }

        return sockets[0];
    }

    /// <summary>Who never has to wait would keep a reactor for ever.</summary>
    private bool GivesWay(bool isAtOnce)
    {
        _foundAtOnce = isAtOnce ? _foundAtOnce + 1 : 0;
        if (_foundAtOnce < FairTurn.TriesMax)
            return false;
        _foundAtOnce = 0;
        _turn ??= new FairTurn(sockets[0]);
        return true;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<DatagramResult> AfterOthersAsync(ValueTask<DatagramResult> received)
    {
        await _turn!;
        return await received.ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AfterOthersAsync(ValueTask received)
    {
        await _turn!;
        await received.ConfigureAwait(false);
    }

    /// <summary>In order, as far as one socket can send them.</summary>
    private async ValueTask SendByFamilyAsync(DatagramBatch batch, int first, CancellationToken cancellationToken)
    {
        while (first < batch.Count)
        {
            NetworkSocket socket = SocketFor(batch[first]);
            int end = first + 1;
            while (end < batch.Count && SocketFor(batch[end]) == socket)
                end++;
            await socket.SendBatchAsync(batch, first, end, cancellationToken).ConfigureAwait(false);
            first = end;
        }
    }

    private NetworkSocket SocketFor(BatchedDatagram datagram) => datagram.RemoteAddress is { } to ? SocketFor(to.Family) : sockets[0];

    private async ValueTask<DatagramResult> ReceiveFromAnyAsync(Memory<byte> buffer, SocketAddress from, CancellationToken cancellationToken)
    {
        DatagramResult result = default;
        await ReceiveFromAnyAsync(socket => socket.ReceiveFromOnce(buffer.Span, SocketFlags.None, from, out result), cancellationToken).ConfigureAwait(false);
        return result;
    }

    private ValueTask ReceiveFromAnyAsync(DatagramBatch batch, CancellationToken cancellationToken)
    {
        batch.Clear();
        return ReceiveFromAnyAsync(socket => socket.ReceiveBatchOnce(batch), cancellationToken);
    }

    private async ValueTask ReceiveFromAnyAsync(Func<NetworkSocket, SocketError> attempt, CancellationToken cancellationToken)
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
                SocketError error = attempt(socket);
                if (error == SocketError.Success)
                    return;
                if (error != SocketError.WouldBlock)
                    throw socket.Failure(error, "receive at");
            }

            await network.PollAsync(items, timeout: null, cancellationToken).ConfigureAwait(false);
        }
    }
}
