using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sockeye.Interop;

namespace Sockeye;

/// <summary>
/// A socket of the operating system through System.Net.Sockets alone, on every platform. Always in non-blocking mode: trying is one call, and waiting
/// is the poller's.
/// </summary>
internal class HostSocket : NetworkSocket
{
    /// <summary>How long a send to a full Unix datagram socket waits before it tries again.</summary>
    protected static readonly TimeSpan BlindRetry = TimeSpan.FromMilliseconds(2);

    /// <summary>The most buffers one call of the system takes: UIO_MAXIOV of Linux (sendmsg(2)), and about as much elsewhere. More are copied together.</summary>
    private const int BuffersMax = 1024;

    private bool _detaching;

    public HostSocket(SystemNetwork network, Socket socket, AddressFamily family, SocketType type, ProtocolType protocol)
        : this(network, socket.SafeHandle, family, type, protocol)
    {
        Extras.Socket = socket;
        socket.Blocking = false;
    }

    /// <summary>Over a bare descriptor in non-blocking mode: a <see cref="Socket"/> is made only if something asks for one.</summary>
    protected HostSocket(SystemNetwork network, SafeHandle descriptor, AddressFamily family, SocketType type, ProtocolType protocol)
        : base(network, family, type, protocol) => Descriptor = descriptor;

    public sealed override SafeSocketHandle Handle => Socket.SafeHandle;

    /// <summary>What system calls are made on.</summary>
    internal SafeHandle Descriptor { get; }

    internal Socket Socket => KnownExtras?.Socket ?? Adopt();

    /// <summary>Whether others may know the descriptor, and keep what is behind it open under another number when it is closed here.</summary>
    internal bool IsDescriptorShared => KnownExtras?.Socket is not null || _detaching;

    /// <summary>Whether a message is here already that the kernel has no more: then there is nothing to wait for.</summary>
    internal virtual bool HoldsMessage => false;

    /// <summary>Who waits. It does not refer to this socket: a poller may hold it.</summary>
    internal SocketReadiness Readiness { get; } = new();

    /// <summary>This socket's place in the poller; -1 while it has none.</summary>
    internal int PollKey { get; set; } = -1;

    private protected sealed override SocketExtras CreateExtras() => new HostSocketExtras();

    protected internal override EndPoint? LocalEndPointCore => Ask(static socket => socket.LocalEndPoint);

    protected internal override EndPoint? RemoteEndPointCore => Ask(static socket => socket.RemoteEndPoint);

    protected SystemNetwork Host => (SystemNetwork)Network;

    private protected new HostSocketExtras? KnownExtras => (HostSocketExtras?)base.KnownExtras;

    private protected new HostSocketExtras Extras => (HostSocketExtras)base.Extras;

    /// <summary>Who tells when it is ready.</summary>
    private protected virtual HostPoller Poller => Host.IsPortable ? SelectPoller.Shared : EpollPoller.Shared;

    protected internal override SocketError BindCore(EndPoint local) => Try(() => Socket.Bind(local));

    protected internal override SocketError ListenCore(int backlog) => Try(() => Socket.Listen(backlog));

    protected internal override SocketError TryAcceptCore(out NetworkSocket? socket)
    {
        // Asked whether a connection waits, a socket that does not listen would say no, for ever.
        socket = null;
        if (!IsListening)
            return SocketError.InvalidArgument;

        // System.Net.Sockets says "nothing there" by an exception; asking first is cheaper.
        Socket? accepted = null;
        SocketError error = Try(() =>
        {
            if (Socket.Poll(0, SelectMode.SelectRead))
                accepted = Socket.Accept();
        });
        socket = accepted is null ? null : Host.Wrap(accepted, AddressFamily, SocketType, ProtocolType);
        return error == SocketError.Success && socket is null ? SocketError.WouldBlock : error;
    }

    protected internal override SocketError TryConnectCore(EndPoint remote) => Try(() => Socket.Connect(remote));

    protected internal override SocketError TryReceiveCore(Span<byte> buffer, SocketFlags flags, out int count)
    {
        count = Socket.Receive(buffer, flags, out SocketError error);
        count = error == SocketError.Success ? count : 0;
        return error;
    }

    protected internal override SocketError TryReceiveFromCore(Span<byte> buffer, SocketFlags flags, SocketAddress? from, out DatagramResult result)
    {
        result = default;
        try
        {
            if (SocketType == SocketType.Stream)
            {
                SocketError error = TryReceiveCore(buffer, flags, out int received);
                result = new DatagramResult(received, Truncated: false);
                return error;
            }

            EnsureBound();
            if (!Socket.Poll(0, SelectMode.SelectRead))
                return SocketError.WouldBlock;
            if (AddressFamily == AddressFamily.Unix || SocketType == SocketType.Raw)
            {
                result = ReceiveWithRoom(buffer, flags, from ?? CreateAddress());
                return SocketError.Success;
            }

            EndPoint sender = EndPoints.Any(AddressFamily);
            int count = Socket.ReceiveMessageFrom(buffer, ref flags, ref sender, out _);
            if (from is not null)
                Copy(sender.Serialize(), from);
            result = new DatagramResult(count, (flags & SocketFlags.Truncated) != 0);
            return SocketError.Success;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.MessageSize)
        {
            // Windows' way to say that the message was cut.
            result = new DatagramResult(buffer.Length, Truncated: true);
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }

    protected internal override SocketError TrySendCore(ReadOnlySpan<byte> buffer, SocketFlags flags, out int count)
    {
        count = Socket.Send(buffer, flags, out SocketError error);
        count = error == SocketError.Success ? count : 0;
        return error;
    }

    protected internal override SocketError TrySendToCore(ReadOnlySpan<byte> buffer, SocketFlags flags, SocketAddress to, out int count)
    {
        count = 0;
        try
        {
            EnsureBound();
            count = Socket.SendTo(buffer, flags, to);
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }

    protected internal override SocketError TrySendManyCore(IReadOnlyList<ReadOnlyMemory<byte>> buffers, SocketFlags flags, out int count)
    {
        if (buffers.Count > BuffersMax)
            return base.TrySendManyCore(buffers, flags, out count);
        ArraySegment<byte>[] segments = new ArraySegment<byte>[buffers.Count];
        for (int i = 0; i < segments.Length; i++)
            segments[i] = MemoryMarshal.TryGetArray(buffers[i], out ArraySegment<byte> segment) ? segment : buffers[i].ToArray();
        count = Socket.Send(segments, flags, out SocketError error);
        count = error == SocketError.Success ? count : 0;
        return error;
    }

    protected internal override SocketError TryReceiveManyCore(IReadOnlyList<Memory<byte>> buffers, SocketFlags flags, out int count)
    {
        if (buffers.Count > BuffersMax)
            return base.TryReceiveManyCore(buffers, flags, out count);
        ArraySegment<byte>[] segments = new ArraySegment<byte>[buffers.Count];
        for (int i = 0; i < segments.Length; i++)
        {
            if (!MemoryMarshal.TryGetArray(buffers[i], out segments[i]))
                return base.TryReceiveManyCore(buffers, flags, out count);
        }

        count = Socket.Receive(segments, flags, out SocketError error);
        count = error == SocketError.Success ? count : 0;
        return error;
    }

    protected internal override SocketError TakeErrorCore()
    {
        SocketError error = GetOptionCore(SocketOptionLevel.Socket, SocketOptionName.Error, out int value);

        // System.Net.Sockets notices a connect that went on without it when it is asked for the end points; after a reset it is too late.
        if (error == SocketError.Success && value == 0 && Host.IsPortable)
            _ = (RemoteEndPointCore, LocalEndPointCore);
        return error == SocketError.Success ? (SocketError)value : error;
    }

    protected internal override SocketEvents PollCore(SocketEvents events)
    {
        SocketEvents found = SocketEvents.None;
        SocketError error = Try(() =>
        {
            if ((events & SocketEvents.Readable) != 0 && Socket.Poll(0, SelectMode.SelectRead))
                found |= SocketEvents.Readable;
            if ((events & SocketEvents.Writable) != 0 && Socket.Poll(0, SelectMode.SelectWrite))
                found |= SocketEvents.Writable;
            if ((events & SocketEvents.Priority) != 0 && Socket.Poll(0, SelectMode.SelectError))
                found |= SocketEvents.Priority;
        });
        return error == SocketError.Success ? found : SocketEvents.HangUp;
    }

    protected internal sealed override bool WaitCore(SocketEvents events, TimeSpan? timeout)
    {
        if (IsClosed)
            return true;
        EnterThreadWait();
        try
        {
            return WaitThread(events, timeout);
        }
        finally
        {
            LeaveThreadWait();
        }
    }

    /// <summary>A thread is about to wait in the kernel: closing must wake it. Whether the socket is closed is to be asked after this.</summary>
    internal void EnterThreadWait() => Interlocked.Increment(ref Extras.WaitingThreads);

    internal void LeaveThreadWait() => Interlocked.Decrement(ref Extras.WaitingThreads);

    protected internal sealed override uint EpochCore(SocketEvents events) => Readiness.Epoch(events);

    protected internal sealed override ValueTask<bool> WaitCoreAsync(SocketEvents events, uint epoch, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        if (IsBlindWait(events))
            return WaitBlindlyAsync(timeout, cancellationToken);
        ValueTask<bool> wait = Readiness.WaitAsync(events, epoch, timeout, Network.TimeProvider, cancellationToken);
        if (wait.IsCompleted)
            return wait;
        Poller.Arm(this, events);

        // Epoll watches a socket as long as it lives. A table of those that wait must not keep one that nobody waits for any more.
        return Poller is SelectPoller && (timeout is not null || cancellationToken.CanBeCanceled) ? DisarmAfterAsync(wait) : wait;
    }

    internal sealed override SocketWaitOutcome? StartWaitCore(ISocketWaiter waiter, SocketEvents events, uint epoch)
    {
        // What a wait has to do behind its end is done by who awaits it.
        if (Poller is SelectPoller || IsBlindWait(events))
            return null;
        SocketWaitOutcome outcome = Readiness.StartWait(waiter, events, epoch);
        if (outcome == SocketWaitOutcome.Waiting)
            Poller.Arm(this, events);
        return outcome;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> DisarmAfterAsync(ValueTask<bool> wait)
    {
        bool isReady = false;
        try
        {
            return isReady = await wait.ConfigureAwait(false);
        }
        finally
        {
            if (!isReady)
                Poller.Disarm(this);
        }
    }

    protected internal sealed override void SignalCore(SocketEvents events) => Readiness.Signal(events);

    protected internal override SocketError ShutdownCore(SocketShutdown how) => Try(() => Socket.Shutdown(how));

    protected internal override void CloseCore(bool reset)
    {
        Poller.Forget(this);
        Readiness.Close();

        // Threads that wait in poll keep the descriptor open; a shutdown wakes them.
        HostSocketExtras? extras = KnownExtras;
        if (extras is not null && Volatile.Read(ref extras.WaitingThreads) > 0)
            ShutdownCore(SocketShutdown.Both);
        if (reset && SocketType == SocketType.Stream && AddressFamily != AddressFamily.Unix && !IsListening)
            SetLingerZero();
        KnownExtras?.Socket?.Dispose();
        Descriptor.Dispose();
    }

    /// <summary>Closing becomes a reset (RST).</summary>
    protected virtual void SetLingerZero() => Try(() => Socket.LingerState = new LingerOption(enable: true, seconds: 0));

    protected internal override SocketError GetOptionCore(SocketOptionLevel level, SocketOptionName name, out int value)
    {
        int read = 0;
        SocketError error = Try(() => read = (int)Socket.GetSocketOption(level, name)!);
        value = read;
        return error;
    }

    protected internal override SocketError SetOptionCore(SocketOptionLevel level, SocketOptionName name, int value) =>
        Try(() => Socket.SetSocketOption(level, name, value));

    protected internal override SocketError SetMembershipCore(IPAddress group, int interfaceIndex, bool join)
    {
        SocketOptionName name = join ? SocketOptionName.AddMembership : SocketOptionName.DropMembership;
        return AddressFamily == AddressFamily.InterNetworkV6
            ? Try(() => Socket.SetSocketOption(SocketOptionLevel.IPv6, name, new IPv6MulticastOption(group, interfaceIndex)))
            : Try(() => Socket.SetSocketOption(SocketOptionLevel.IP, name, new MulticastOption(group, interfaceIndex)));
    }

    protected internal override SocketError GetRawOptionCore(int level, int name, Span<byte> value, out int length)
    {
        length = 0;
        try
        {
            length = Socket.GetRawSocketOption(level, name, value);
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }

    protected internal override SocketError SetRawOptionCore(int level, int name, ReadOnlySpan<byte> value)
    {
        try
        {
            Socket.SetRawSocketOption(level, name, value);
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }

    protected internal override SafeSocketHandle DetachCore()
    {
        // First what may fail for want of a descriptor: the socket is whole then.
        SafeSocketHandle? copy = OperatingSystem.IsWindows() ? null : LibC.Duplicate(Descriptor);
        _detaching = true;
        Poller.Forget(this);
        Readiness.Close();
        if (OperatingSystem.IsWindows())
            return new Socket(Socket.DuplicateAndClose(Environment.ProcessId)).SafeHandle;
        KnownExtras?.Socket?.Dispose();
        Descriptor.Dispose();
        return copy!;
    }

    /// <summary>
    /// Whether the kernel has no event for this wait: a Unix datagram socket without a fixed peer always counts as writable, also
    /// when the receiver it last sent to is full (unix(7)). Then trying again after a while is all there is.
    /// </summary>
    protected bool IsBlindWait(SocketEvents events) =>
        events == SocketEvents.Writable && AddressFamily == AddressFamily.Unix && SocketType == SocketType.Dgram && RemoteEndPointCore is null;

    /// <summary>On the machine's own clock, not the network's: it is the kernel that is waited for.</summary>
    private static async ValueTask<bool> WaitBlindlyAsync(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        if (timeout == TimeSpan.Zero)
            return false;
        TimeSpan wait = timeout is { } limit && limit < BlindRetry ? limit : BlindRetry;
        await Task.Delay(wait, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Waits on this thread in System.Net.Sockets' poll, which knows one event at a time.</summary>
    protected virtual bool WaitThread(SocketEvents events, TimeSpan? timeout)
    {
        SelectMode mode = (events & SocketEvents.Writable) != 0 ? SelectMode.SelectWrite
            : (events & SocketEvents.Priority) != 0 ? SelectMode.SelectError : SelectMode.SelectRead;
        try
        {
            // It says no as well when only a hang-up or an error ended the wait: the next try tells which.
            return Socket.Poll(timeout ?? System.Threading.Timeout.InfiniteTimeSpan, mode) || timeout is null || IsClosed;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed meanwhile: the next try says so.
            return true;
        }
    }

    protected SocketError Try(Action action)
    {
        bool held = false;
        try
        {
            // A Socket that was made over the bare descriptor does not hold it: closed meanwhile, its number may be another socket's.
            if (!Host.IsPortable)
                Descriptor.DangerousAddRef(ref held);
            action();
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
        catch (ObjectDisposedException)
        {
            return SocketError.OperationAborted;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It knows better than the kernel what may follow what, a second connect after a refused one for instance.
            return SocketError.InvalidArgument;
        }
        finally
        {
            if (held)
                Descriptor.DangerousRelease();
        }
    }

    private Socket Adopt()
    {
        Socket socket = new(new SafeSocketHandle(Descriptor.DangerousGetHandle(), ownsHandle: false)) { Blocking = false };
        if (Interlocked.CompareExchange(ref Extras.Socket, socket, null) is not { } other)
            return socket;
        socket.Dispose();
        return other;
    }

    /// <summary>
    /// What a kernel does by itself at the first send, System.Net.Sockets must have been told: unbound, it refuses to receive.
    /// </summary>
    private void EnsureBound()
    {
        if (Extras.IsBound)
            return;
        if (AddressFamily != AddressFamily.Unix && Socket.LocalEndPoint is null)
            Socket.Bind(EndPoints.Any(AddressFamily));
        Extras.IsBound = true;
    }

    /// <summary>
    /// System.Net.Sockets tells of a cut message only together with the interface it came by, which Unix and raw sockets do not know, and
    /// with an end point, which it makes as long as the one it is given. One byte more of room shows the cut, and leaves the address whole.
    /// </summary>
    private DatagramResult ReceiveWithRoom(Span<byte> buffer, SocketFlags flags, SocketAddress from)
    {
        byte[] room = ArrayPool<byte>.Shared.Rent(buffer.Length + 1);
        from.Size = from.Buffer.Length;
        try
        {
            int count = Socket.ReceiveFrom(room.AsSpan(0, buffer.Length + 1), flags, from);
            int fits = Math.Min(count, buffer.Length);
            room.AsSpan(0, fits).CopyTo(buffer);
            return new DatagramResult(fits, Truncated: count > fits);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    private EndPoint? Ask(Func<Socket, EndPoint?> member)
    {
        try
        {
            return member(Socket);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }

    private static void Copy(SocketAddress source, SocketAddress target)
    {
        int length = Math.Min(source.Size, target.Buffer.Length);
        source.Buffer.Span[..length].CopyTo(target.Buffer.Span);
        target.Size = length;
    }
}
