using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Sockeye;

// Several datagrams in one call. DatagramSocket is where programs find it.
public abstract partial class NetworkSocket
{
    /// <summary>An error behind which a batch came that had datagrams already: the next receive tells it.</summary>
    private SocketError _heldError;

    /// <summary>Whether <see cref="TryReceiveBatchCore"/> is there. Where it is not, datagrams are received one by one.</summary>
    internal virtual bool ReceivesBatches => false;

    /// <summary>Whether <see cref="TrySendBatchCore"/> is there. Where it is not, datagrams are sent one by one.</summary>
    internal virtual bool SendsBatches => false;

    /// <summary>Receives as many datagrams as are there into the batch, which is empty; WouldBlock for none.</summary>
    internal virtual SocketError TryReceiveBatchCore(DatagramBatch batch) => SocketError.OperationNotSupported;

    /// <summary>Sends the batch's datagrams from <paramref name="first"/> to before <paramref name="end"/>: at least one, or the error of the first.</summary>
    internal virtual SocketError TrySendBatchCore(DatagramBatch batch, int first, int end, out int sent)
    {
        sent = 0;
        return SocketError.OperationNotSupported;
    }

    /// <summary>From now on the network may take several datagrams of one sender at once; they are still received one by one. The default changes nothing.</summary>
    internal virtual void CoalesceReceived()
    {
    }

    /// <summary>Receives at least one datagram, and as many as are there then.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    internal async ValueTask ReceiveBatchAsync(DatagramBatch batch, CancellationToken cancellationToken)
    {
        batch.Clear();
        cancellationToken.ThrowIfCancellationRequested();
        SocketDeadline deadline = Begin();
        while (true)
        {
            uint epoch = EpochCore(SocketEvents.Readable);
            SocketError error = ReceiveBatchOnce(batch);
            if (error == SocketError.Success)
                return;
            ThrowUnlessWaiting(error, deadline, "receive at");
            if (!await WaitAsync(SocketEvents.Readable, epoch, deadline, cancellationToken).ConfigureAwait(false))
                throw TimedOut(deadline, "receive at");
        }
    }

    /// <summary>Sends these datagrams of the batch, all of them; <see cref="DatagramBatch.SentCount"/> goes with it.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    internal async ValueTask SendBatchAsync(DatagramBatch batch, int first, int end, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SocketDeadline deadline = Begin();
        MapAddresses(batch, first, end);
        while (first < end)
        {
            uint epoch = EpochCore(SocketEvents.Writable);
            SocketError error = SendBatchOnce(batch, first, end, out int sent);
            first += sent;
            batch.SentCount = first;
            if (error == SocketError.Success)
                continue;
            if (error != SocketError.WouldBlock || !deadline.AllowsWaiting)
                throw SendBatchFailure(error, batch, first);
            if (!await WaitAsync(SocketEvents.Writable, epoch, deadline, cancellationToken).ConfigureAwait(false))
                throw TimedOut(deadline, "send from");
        }
    }

    internal SocketError ReceiveBatchOnce(DatagramBatch batch)
    {
        batch.Clear();
        if (!ReceivesBatches)
            return ReceiveEach(batch);
        SocketError error = UnlessClosed(TryReceiveBatch(batch), batch.Count);
        foreach (BatchedDatagram datagram in batch)
            _bytesReceived += datagram.Length;
        if (_observer is { } observer)
            ObserveReceivedBatch(observer, error, batch);
        return error;
    }

    private SocketError TryReceiveBatch(DatagramBatch batch)
    {
        try
        {
            return TryReceiveBatchCore(batch);
        }
        catch (ObjectDisposedException)
        {
            return SocketError.OperationAborted;
        }
    }

    private void ObserveReceivedBatch(SocketObserver observer, SocketError error, DatagramBatch batch)
    {
        if (error != SocketError.Success)
            ObserveError(observer, error);
        foreach (BatchedDatagram datagram in batch)
            observer.Received(this, datagram.Bytes.Span, datagram.RemoteAddress);
    }

    /// <summary>One by one, until there are no more.</summary>
    private SocketError ReceiveEach(DatagramBatch batch)
    {
        for (; !batch.IsFull; batch.Count++)
        {
            BatchedDatagram datagram = batch.At(batch.Count);
            SocketAddress from = datagram.EmptyAddress();
            SocketError error = ReceiveFromOnce(datagram.Room.Span, SocketFlags.None, from, out DatagramResult result);
            if (error != SocketError.Success && batch.Count == 0)
                return error;
            if (error != SocketError.Success)
            {
                _heldError = error == SocketError.WouldBlock ? SocketError.Success : error;
                break;
            }

            datagram.Set(result, from);
        }

        return SocketError.Success;
    }

    /// <summary>Whether a batch left an error behind, which whoever receives next is told.</summary>
    private bool TakeHeldError(out SocketError error)
    {
        error = _heldError;
        if (error == SocketError.Success)
            return false;
        _heldError = SocketError.Success;
        return true;
    }

    /// <summary>What was sent before an error counts as well.</summary>
    private SocketError SendBatchOnce(DatagramBatch batch, int first, int end, out int sent)
    {
        if (!SendsBatches)
            return SendEach(batch, first, end, out sent);
        if (_observer is { } observer)
            return SendObserved(observer, batch, first, end, out sent);
        SocketError error = TrySendBatch(batch, first, end, out sent);
        CountSent(batch, first, sent);
        return error;
    }

    private SocketError TrySendBatch(DatagramBatch batch, int first, int end, out int sent)
    {
        SocketError error = Once(
            static (socket, batch, range, out sent) => socket.TrySendBatchCore(batch, range.first, range.end, out sent), batch, (first, end), out sent);
        return UnlessClosed(error, sent);
    }

    private void CountSent(DatagramBatch batch, int first, int sent)
    {
        long bytes = 0;
        for (int i = first; i < first + sent; i++)
            bytes += batch.At(i).Length;
        Interlocked.Add(ref _bytesSent, bytes);
    }

    /// <summary>Each datagram is told of by itself, and each has its place from before the call.</summary>
    private SocketError SendObserved(SocketObserver observer, DatagramBatch batch, int first, int end, out int sent)
    {
        ReservedPlace[] places = new ReservedPlace[end - first];
        foreach (ref ReservedPlace place in places.AsSpan())
            place = new ReservedPlace(observer, observer.Reserve(this));
        try
        {
            SocketError error = TrySendBatch(batch, first, end, out sent);
            CountSent(batch, first, sent);
            for (int i = 0; i < sent; i++)
            {
                BatchedDatagram datagram = batch.At(first + i);
                observer.SentAt(this, datagram.Bytes.Span, datagram.RemoteAddress, places[i].Place);
            }

            if (error != SocketError.Success)
                ObserveError(observer, error);
            return error;
        }
        finally
        {
            foreach (ReservedPlace place in places)
                place.Dispose();
        }
    }

    private SocketError SendEach(DatagramBatch batch, int first, int end, out int sent)
    {
        for (sent = 0; first + sent < end; sent++)
        {
            BatchedDatagram datagram = batch.At(first + sent);
            SocketError error = datagram.RemoteAddress is { } to
                ? SendToOnce(datagram.Bytes.Span, SocketFlags.None, to, out _)
                : SendOnce(datagram.Bytes.Span, SocketFlags.None, out _);
            if (error != SocketError.Success)
                return error;
        }

        return SocketError.Success;
    }

    /// <summary>As <see cref="ToAddress"/> does for single ones.</summary>
    private void MapAddresses(DatagramBatch batch, int first, int end)
    {
        if (AddressFamily != AddressFamily.InterNetworkV6)
            return;
        for (int i = first; i < end; i++)
        {
            BatchedDatagram datagram = batch.At(i);
            if (datagram.RemoteAddress is { Family: AddressFamily.InterNetwork } plain)
                datagram.RemoteAddress = Mapped(EndPoints.FromAddress(plain)).Serialize();
        }
    }

    private SocketException SendBatchFailure(SocketError error, DatagramBatch batch, int index)
    {
        string action = $"send datagram {index + 1} of {batch.Count} to";
        return batch.At(index).RemoteAddress is { } to ? SendToFailure(error, to, action) : Failure(error, action);
    }
}
