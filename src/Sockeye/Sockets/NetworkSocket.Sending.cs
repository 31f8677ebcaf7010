using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Sockeye;

public abstract partial class NetworkSocket
{
    private const string SentKey = "Sockeye.BytesSent";
    private const string ReceivedKey = "Sockeye.BytesReceived";

    /// <summary>Sends what fits now without waiting.</summary>
    /// <param name="buffer">The bytes; on message sockets all of them or none.</param>
    /// <param name="count">The bytes the network took.</param>
    /// <param name="flags"><see cref="SocketFlags.OutOfBand"/> marks the last byte urgent.</param>
    /// <returns>Success, <see cref="SocketError.WouldBlock"/> when nothing fits, or the error: then nothing was sent.</returns>
    public SocketError TrySend(ReadOnlySpan<byte> buffer, out int count, SocketFlags flags = SocketFlags.None)
    {
        ThrowIfTaken();
        return SendOnce(buffer, flags, out count);
    }

    /// <summary>Sends some or all of the bytes: the count says how many. A call that throws has sent nothing.</summary>
    /// <exception cref="SocketException">With <see cref="SocketError.WouldBlock"/> if <see cref="Timeout"/> is zero and nothing fits.</exception>
    /// <exception cref="SocketTimeoutException"><see cref="Timeout"/> has passed.</exception>
    public int Send(ReadOnlySpan<byte> buffer, SocketFlags flags = SocketFlags.None)
    {
        SocketDeadline deadline = Begin();
        while (true)
        {
            ThrowIfConnection();
            SocketError error = SendOnce(buffer, flags, out int count);
            if (error == SocketError.Success)
                return count;
            ThrowUnlessWaiting(error, deadline, "send to");
            Wait(SocketEvents.Writable, deadline, "send to");
        }
    }

    /// <inheritdoc cref="Send(ReadOnlySpan{byte}, SocketFlags)"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> SendAsync(
        ReadOnlyMemory<byte> buffer, SocketFlags flags = SocketFlags.None, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SocketDeadline deadline = Begin();
        while (true)
        {
            ThrowIfConnection();
            uint epoch = EpochCore(SocketEvents.Writable);
            SocketError error = SendOnce(buffer.Span, flags, out int count);
            if (error == SocketError.Success)
                return count;
            ThrowUnlessWaiting(error, deadline, "send to");
            if (!await WaitAsync(SocketEvents.Writable, epoch, deadline, cancellationToken).ConfigureAwait(false))
                throw TimedOut(deadline, "send to");
        }
    }

    /// <inheritdoc cref="Send(ReadOnlySpan{byte}, SocketFlags)"/>
    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken) =>
        SendAsync(buffer, SocketFlags.None, cancellationToken);

    /// <summary>Sends all of the bytes; <see cref="Timeout"/> bounds the whole. Python's <c>sendall</c>.</summary>
    /// <exception cref="SocketException">Some may have been sent: <see cref="SentBefore"/> says how many.</exception>
    public void SendAll(ReadOnlySpan<byte> buffer)
    {
        SocketDeadline deadline = Begin();
        int total = 0;
        do
        {
            ThrowIfConnection();
            SocketError error = SendOnce(buffer[total..], SocketFlags.None, out int count);
            if (error == SocketError.Success)
            {
                total += count;
                continue;
            }

            if (error != SocketError.WouldBlock || !deadline.AllowsWaiting)
                throw WithCount(Failure(error, "send to"), SentKey, total);
            if (!WaitCore(SocketEvents.Writable, deadline.Remaining))
                throw WithCount(TimedOut(deadline, "send to"), SentKey, total);
        }
        while (total < buffer.Length);
    }

    /// <inheritdoc cref="SendAll"/>
    /// <param name="buffer">The bytes.</param>
    /// <param name="cancellationToken">Ends the wait; <see cref="SentBefore"/> of the exception says how many bytes had gone.</param>
    public async ValueTask SendAllAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SocketDeadline deadline = Begin();
        int total = 0;
        try
        {
            do
            {
                ThrowIfConnection();
                uint epoch = EpochCore(SocketEvents.Writable);
                SocketError error = SendOnce(buffer.Span[total..], SocketFlags.None, out int count);
                if (error == SocketError.Success)
                {
                    total += count;
                    continue;
                }

                ThrowUnlessWaiting(error, deadline, "send to");
                if (!await WaitAsync(SocketEvents.Writable, epoch, deadline, cancellationToken).ConfigureAwait(false))
                    throw TimedOut(deadline, "send to");
            }
            while (total < buffer.Length);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            WithCount(e, SentKey, total);
            throw;
        }
    }

    /// <summary>The bytes that <see cref="SendAll"/> had sent before it failed with <paramref name="exception"/>; 0 for other exceptions.</summary>
    public static int SentBefore(Exception exception) => CountOf(exception, SentKey);

    /// <summary>Sends one message to <paramref name="to"/> without waiting.</summary>
    public SocketError TrySendTo(ReadOnlySpan<byte> buffer, SocketAddress to, out int count, SocketFlags flags = SocketFlags.None)
    {
        ArgumentNullException.ThrowIfNull(to);
        ThrowIfTaken();
        return SendToOnce(buffer, flags, to, out count);
    }

    /// <summary>Sends one message to <paramref name="to"/>. This form allocates nothing.</summary>
    /// <exception cref="SocketException">With <see cref="SocketError.MessageSize"/> if it is too long for one datagram.</exception>
    public int SendTo(ReadOnlySpan<byte> buffer, SocketAddress to, SocketFlags flags = SocketFlags.None)
    {
        ArgumentNullException.ThrowIfNull(to);
        SocketDeadline deadline = Begin();
        while (true)
        {
            ThrowIfConnection();
            SocketError error = SendToOnce(buffer, flags, to, out int count);
            if (error == SocketError.Success)
                return count;
            if (error != SocketError.WouldBlock || !deadline.AllowsWaiting)
                throw SendToFailure(error, to);
            Wait(SocketEvents.Writable, deadline, "send from");
        }
    }

    /// <inheritdoc cref="SendTo(ReadOnlySpan{byte}, SocketAddress, SocketFlags)"/>
    public int SendTo(ReadOnlySpan<byte> buffer, EndPoint to, SocketFlags flags = SocketFlags.None)
    {
        ArgumentNullException.ThrowIfNull(to);
        return SendTo(buffer, ToAddress(to), flags);
    }

    /// <inheritdoc cref="SendTo(ReadOnlySpan{byte}, SocketAddress, SocketFlags)"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> SendToAsync(
        ReadOnlyMemory<byte> buffer, SocketAddress to, SocketFlags flags = SocketFlags.None, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(to);
        cancellationToken.ThrowIfCancellationRequested();
        SocketDeadline deadline = Begin();
        while (true)
        {
            ThrowIfConnection();
            uint epoch = EpochCore(SocketEvents.Writable);
            SocketError error = SendToOnce(buffer.Span, flags, to, out int count);
            if (error == SocketError.Success)
                return count;
            if (error != SocketError.WouldBlock || !deadline.AllowsWaiting)
                throw SendToFailure(error, to);
            if (!await WaitAsync(SocketEvents.Writable, epoch, deadline, cancellationToken).ConfigureAwait(false))
                throw TimedOut(deadline, "send from");
        }
    }

    /// <inheritdoc cref="SendTo(ReadOnlySpan{byte}, SocketAddress, SocketFlags)"/>
    public ValueTask<int> SendToAsync(
        ReadOnlyMemory<byte> buffer, EndPoint to, SocketFlags flags = SocketFlags.None, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(to);
        return SendToAsync(buffer, ToAddress(to), flags, cancellationToken);
    }

    /// <summary>Sends several buffers, in order, as one call (sendmsg): on message sockets they make one message.</summary>
    /// <returns>The count over all buffers; may be partial on streams.</returns>
    public int Send(IReadOnlyList<ReadOnlyMemory<byte>> buffers, SocketFlags flags = SocketFlags.None)
    {
        SocketDeadline deadline = Begin();
        while (true)
        {
            ThrowIfConnection();
            SocketError error = SendManyOnce(buffers, flags, out int count);
            if (error == SocketError.Success)
                return count;
            ThrowUnlessWaiting(error, deadline, "send to");
            Wait(SocketEvents.Writable, deadline, "send to");
        }
    }

    /// <inheritdoc cref="Send(IReadOnlyList{ReadOnlyMemory{byte}}, SocketFlags)"/>
    public async ValueTask<int> SendAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> buffers, SocketFlags flags = SocketFlags.None, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SocketDeadline deadline = Begin();
        while (true)
        {
            ThrowIfConnection();
            uint epoch = EpochCore(SocketEvents.Writable);
            SocketError error = SendManyOnce(buffers, flags, out int count);
            if (error == SocketError.Success)
                return count;
            ThrowUnlessWaiting(error, deadline, "send to");
            if (!await WaitAsync(SocketEvents.Writable, epoch, deadline, cancellationToken).ConfigureAwait(false))
                throw TimedOut(deadline, "send to");
        }
    }

    internal SocketError SendOnce(ReadOnlySpan<byte> buffer, SocketFlags flags, out int count)
    {
        using ReservedPlace place = ReservePlace();
        SocketError error = Once(static (socket, buffer, flags, out count) => socket.TrySendCore(buffer, flags, out count), buffer, flags, out count);
        return Sent(place, error, count, buffer[..count], remote: null);
    }

    internal SocketError SendToOnce(ReadOnlySpan<byte> buffer, SocketFlags flags, SocketAddress to, out int count)
    {
        using ReservedPlace place = ReservePlace();
        SocketError error = Once(
            static (socket, buffer, how, out count) => socket.TrySendToCore(buffer, how.flags, how.to, out count), buffer, (flags, to), out count);
        return Sent(place, error, count, buffer[..count], to);
    }

    private SocketError SendManyOnce(IReadOnlyList<ReadOnlyMemory<byte>> buffers, SocketFlags flags, out int count)
    {
        ArgumentNullException.ThrowIfNull(buffers);
        using ReservedPlace place = ReservePlace();
        SocketError error = Once(static (socket, buffers, flags, out count) => socket.TrySendManyCore(buffers, flags, out count), buffers, flags, out count);
        bool isObserved = place.Observer is not null || _observer is not null;
        return Sent(place, error, count, isObserved ? GatherScatter.Join(buffers, count) : default, remote: null);
    }

    /// <summary>
    /// A socket of IPv6 that also speaks IPv4 (dual stack) wants IPv4 receivers in their mapped form (RFC 4291, 2.5.5.2).
    /// </summary>
    internal SocketAddress ToAddress(EndPoint to) => Serialize(Mapped(to));

    /// <summary>An end point in the form that sending takes.</summary>
    /// <exception cref="ArgumentException">It is a name.</exception>
    internal static SocketAddress Serialize(EndPoint to)
    {
        if (to is DnsEndPoint name)
            throw new ArgumentException($"'{name.Host}' is a name: resolve it with Network.ResolveAsync, or use Network.ConnectDatagramAsync.", nameof(to));
        return to.Serialize();
    }

    private EndPoint Mapped(EndPoint endPoint) =>
        AddressFamily == AddressFamily.InterNetworkV6 && endPoint is IPEndPoint { AddressFamily: AddressFamily.InterNetwork } ip
            ? new IPEndPoint(ip.Address.MapToIPv6(), ip.Port)
            : endPoint;

    private SocketException SendToFailure(SocketError error, SocketAddress to, string action = "send to") =>
        EndPointFailure(EndPoints.FromAddress(to), error, action, error switch
        {
            SocketError.AccessDenied when AddressFamily != AddressFamily.Unix => "set Broadcast if this is a broadcast address",
            SocketError.MessageSize when AddressFamily == AddressFamily.Unix => "SendBufferSize is the most a message may have",
            _ => null,
        });

    private static Exception WithCount(Exception exception, string key, int count)
    {
        exception.Data[key] = count;
        return exception;
    }

    private static int CountOf(Exception exception, string key)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception.Data[key] is int count ? count : 0;
    }
}
