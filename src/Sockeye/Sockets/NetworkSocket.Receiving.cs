using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Sockeye;

public abstract partial class NetworkSocket
{
    /// <summary>Receives what is there without waiting.</summary>
    /// <param name="buffer">Where to put it.</param>
    /// <param name="count">The bytes received; 0 with Success is the stream's end, or an empty message.</param>
    /// <param name="flags"><see cref="SocketFlags.Peek"/> leaves the bytes; <see cref="SocketFlags.OutOfBand"/> takes the urgent byte.</param>
    /// <returns>Success, <see cref="SocketError.WouldBlock"/> when nothing is there, or the error.</returns>
    public SocketError TryReceive(Span<byte> buffer, out int count, SocketFlags flags = SocketFlags.None)
    {
        ThrowIfTaken();
        return ReceiveOnce(buffer, flags, out count);
    }

    /// <summary>Receives some bytes of a stream, or one message. A message that does not fit is cut: <see cref="ReceiveFrom(Span{byte}, SocketAddress?, SocketFlags)"/> tells.</summary>
    /// <returns>The count; 0 is the orderly end of a stream, or an empty message.</returns>
    /// <exception cref="SocketException">With <see cref="SocketError.WouldBlock"/> if <see cref="Timeout"/> is zero and nothing is there.</exception>
    /// <exception cref="SocketTimeoutException"><see cref="Timeout"/> has passed.</exception>
    public int Receive(Span<byte> buffer, SocketFlags flags = SocketFlags.None)
    {
        SocketDeadline deadline = Begin();
        while (true)
        {
            ThrowIfConnection();
            SocketError error = ReceiveOnce(buffer, flags, out int count);
            if (error == SocketError.Success)
                return count;
            ThrowUnlessWaiting(error, deadline, "receive from");
            Wait(EventFor(flags), deadline, "receive from");
        }
    }

    /// <inheritdoc cref="Receive(Span{byte}, SocketFlags)"/>
    /// <param name="buffer">Where to put the bytes.</param>
    /// <param name="flags">As in the plain call.</param>
    /// <param name="cancellationToken">Ends the wait; no byte is lost by it.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, SocketFlags flags = SocketFlags.None, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SocketDeadline deadline = Begin();
        while (true)
        {
            ThrowIfConnection();
            uint epoch = EpochCore(EventFor(flags));
            SocketError error = ReceiveOnce(buffer.Span, flags, out int count);
            if (error == SocketError.Success)
                return count;
            ThrowUnlessWaiting(error, deadline, "receive from");
            if (!await WaitAsync(EventFor(flags), epoch, deadline, cancellationToken).ConfigureAwait(false))
                throw TimedOut(deadline, "receive from");
        }
    }

    /// <inheritdoc cref="Receive(Span{byte}, SocketFlags)"/>
    /// <param name="buffer">Where to put the bytes.</param>
    /// <param name="cancellationToken">Ends the wait; no byte is lost by it.</param>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        ReceiveAsync(buffer, SocketFlags.None, cancellationToken);

    /// <summary>
    /// Receives until <paramref name="buffer"/> is full or the stream ends (MSG_WAITALL). <see cref="Timeout"/> bounds the whole. Of a socket
    /// of messages one message: they are never joined.
    /// </summary>
    /// <returns>The count, less than the buffer's length only at the end of the stream.</returns>
    /// <exception cref="SocketException">As in <see cref="Receive(Span{byte}, SocketFlags)"/>; what had come before is in the buffer, its count in <see cref="ReceivedBefore"/>.</exception>
    public int ReceiveAll(Span<byte> buffer)
    {
        SocketDeadline deadline = Begin();
        int total = 0;
        while (total < buffer.Length)
        {
            ThrowIfConnection();
            SocketError error = ReceiveOnce(buffer[total..], SocketFlags.None, out int count);
            if (error == SocketError.Success)
            {
                total += count;
                if (count == 0 || SocketType != SocketType.Stream)
                    break;
                continue;
            }

            if (error != SocketError.WouldBlock || !deadline.AllowsWaiting)
                throw WithCount(Failure(error, "receive from"), ReceivedKey, total);
            if (!WaitCore(SocketEvents.Readable, deadline.Remaining))
                throw WithCount(TimedOut(deadline, "receive from"), ReceivedKey, total);
        }

        return total;
    }

    /// <inheritdoc cref="ReceiveAll"/>
    /// <param name="buffer">What to fill.</param>
    /// <param name="cancellationToken">Ends the wait. What had come is in the buffer; the exception's <see cref="ReceivedBefore"/> counts it.</param>
    public async ValueTask<int> ReceiveAllAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SocketDeadline deadline = Begin();
        int total = 0;
        try
        {
            while (total < buffer.Length)
            {
                ThrowIfConnection();
                uint epoch = EpochCore(SocketEvents.Readable);
                SocketError error = ReceiveOnce(buffer.Span[total..], SocketFlags.None, out int count);
                if (error == SocketError.Success)
                {
                    total += count;
                    if (count == 0 || SocketType != SocketType.Stream)
                        break;
                    continue;
                }

                ThrowUnlessWaiting(error, deadline, "receive from");
                if (!await WaitAsync(SocketEvents.Readable, epoch, deadline, cancellationToken).ConfigureAwait(false))
                    throw TimedOut(deadline, "receive from");
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            WithCount(e, ReceivedKey, total);
            throw;
        }

        return total;
    }

    /// <summary>The bytes that <see cref="ReceiveAll"/> had received before it failed with <paramref name="exception"/>; 0 for other exceptions.</summary>
    public static int ReceivedBefore(Exception exception) => CountOf(exception, ReceivedKey);

    /// <summary>Receives one message without waiting, and from whom.</summary>
    /// <param name="buffer">Where to put it.</param>
    /// <param name="result">The count and whether the message was cut.</param>
    /// <param name="from">Takes the sender's address; null if it does not matter. Make it with <see cref="CreateAddress"/>.</param>
    /// <param name="flags">As in <see cref="TryReceive"/>.</param>
    public SocketError TryReceiveFrom(Span<byte> buffer, out DatagramResult result, SocketAddress? from = null, SocketFlags flags = SocketFlags.None)
    {
        ThrowIfTaken();
        return ReceiveFromOnce(buffer, flags, from, out result);
    }

    /// <summary>Receives one message, whether it was cut, and from whom.</summary>
    /// <exception cref="SocketException">As in <see cref="Receive(Span{byte}, SocketFlags)"/>.</exception>
    public DatagramResult ReceiveFrom(Span<byte> buffer, SocketAddress? from = null, SocketFlags flags = SocketFlags.None)
    {
        SocketDeadline deadline = Begin();
        while (true)
        {
            ThrowIfConnection();
            SocketError error = ReceiveFromOnce(buffer, flags, from, out DatagramResult result);
            if (error == SocketError.Success)
                return result;
            ThrowUnlessWaiting(error, deadline, "receive at");
            Wait(EventFor(flags), deadline, "receive at");
        }
    }

    /// <inheritdoc cref="ReceiveFrom(Span{byte}, SocketAddress?, SocketFlags)"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<DatagramResult> ReceiveFromAsync(
        Memory<byte> buffer, SocketAddress? from = null, SocketFlags flags = SocketFlags.None, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SocketDeadline deadline = Begin();
        while (true)
        {
            ThrowIfConnection();
            uint epoch = EpochCore(EventFor(flags));
            SocketError error = ReceiveFromOnce(buffer.Span, flags, from, out DatagramResult result);
            if (error == SocketError.Success)
                return result;
            ThrowUnlessWaiting(error, deadline, "receive at");
            if (!await WaitAsync(EventFor(flags), epoch, deadline, cancellationToken).ConfigureAwait(false))
                throw TimedOut(deadline, "receive at");
        }
    }

    /// <summary>Receives into several buffers, filled in order, as one call (recvmsg). Waits as the other receives do.</summary>
    /// <returns>The count over all buffers.</returns>
    public int Receive(IReadOnlyList<Memory<byte>> buffers, SocketFlags flags = SocketFlags.None)
    {
        SocketDeadline deadline = Begin();
        while (true)
        {
            ThrowIfConnection();
            SocketError error = ReceiveManyOnce(buffers, flags, out int count);
            if (error == SocketError.Success)
                return count;
            ThrowUnlessWaiting(error, deadline, "receive from");
            Wait(EventFor(flags), deadline, "receive from");
        }
    }

    /// <inheritdoc cref="Receive(IReadOnlyList{Memory{byte}}, SocketFlags)"/>
    public async ValueTask<int> ReceiveAsync(
        IReadOnlyList<Memory<byte>> buffers, SocketFlags flags = SocketFlags.None, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SocketDeadline deadline = Begin();
        while (true)
        {
            ThrowIfConnection();
            uint epoch = EpochCore(EventFor(flags));
            SocketError error = ReceiveManyOnce(buffers, flags, out int count);
            if (error == SocketError.Success)
                return count;
            ThrowUnlessWaiting(error, deadline, "receive from");
            if (!await WaitAsync(EventFor(flags), epoch, deadline, cancellationToken).ConfigureAwait(false))
                throw TimedOut(deadline, "receive from");
        }
    }

    /// <summary>An empty <see cref="SocketAddress"/> large enough for any sender this socket can hear.</summary>
    public SocketAddress CreateAddress() => AddressFamily switch
    {
        // sockaddr_un: the family and 108 bytes of path (unix(7)), one more for a terminator the kernel may add.
        AddressFamily.Unix => new SocketAddress(AddressFamily.Unix, 2 + 108 + 1),
        AddressFamily.InterNetworkV6 => new SocketAddress(AddressFamily.InterNetworkV6),
        _ => new SocketAddress(AddressFamily.InterNetwork),
    };

    internal SocketError ReceiveOnce(Span<byte> buffer, SocketFlags flags, out int count)
    {
        SocketError error = Once(static (socket, buffer, flags, out count) => socket.TryReceiveCore(buffer, flags, out count), buffer, flags, out count);
        return Received(error, count, flags, buffer[..count], remote: null, mayEnd: buffer.Length > 0);
    }

    /// <summary>For the connection's reader: <see cref="BorrowCore"/>, counted and told.</summary>
    internal LentBytes? Borrow()
    {
        LentBytes? lent = BorrowCore();
        if (lent is not null)
            Received(SocketError.Success, lent.Length, SocketFlags.None, lent.GetSpan(), remote: null, mayEnd: false);
        return lent;
    }

    internal SocketError ReceiveFromOnce(Span<byte> buffer, SocketFlags flags, SocketAddress? from, out DatagramResult result)
    {
        result = default;
        if (TakeHeldError(out SocketError held))
            return UnlessClosed(held, count: 0);
        SocketError error = Once(
            static (socket, buffer, how, out result) => socket.TryReceiveFromCore(buffer, how.flags, how.from, out result), buffer, (flags, from), out result);
        SocketAddress? remote = SocketType == SocketType.Stream ? null : from;
        return Received(error, result.Count, flags, buffer[..result.Count], remote, mayEnd: buffer.Length > 0);
    }

    private SocketError ReceiveManyOnce(IReadOnlyList<Memory<byte>> buffers, SocketFlags flags, out int count)
    {
        ArgumentNullException.ThrowIfNull(buffers);
        SocketError error = Once(static (socket, buffers, flags, out count) => socket.TryReceiveManyCore(buffers, flags, out count), buffers, flags, out count);

        // Joined for an observer only.
        return _observer is null
            ? Received(error, count, flags, data: default, remote: null, mayEnd: false)
            : Received(error, count, flags, GatherScatter.Join(buffers, count), remote: null, mayEnd: buffers.Any(buffer => buffer.Length > 0));
    }

    /// <summary>
    /// What a receive of no bytes means: a stream's end; on SEQPACKET, which has empty messages, it is one only after a hang-up, with nothing behind.
    /// </summary>
    internal bool IsInputAtEnd() => SocketType switch
    {
        SocketType.Stream => true,
        SocketType.Seqpacket => (PollCore(SocketEvents.Readable) & SocketEvents.HangUp) != 0 && !HasMessage(),
        _ => false,
    };

    private bool HasMessage()
    {
        Span<byte> next = stackalloc byte[1];
        return TryReceiveCore(next, SocketFlags.Peek, out int count) == SocketError.Success && count > 0;
    }

    private static SocketEvents EventFor(SocketFlags flags) =>
        (flags & SocketFlags.OutOfBand) != 0 ? SocketEvents.Priority : SocketEvents.Readable;
}
