using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// A socket on any <see cref="Sockeye.Network"/>: the classic function table. It is pull only: it never reads ahead, so what was
/// not received is still in the network. <see cref="Network.CreateConnection"/> takes it over for a <see cref="Connection"/>.
/// </summary>
/// <remarks>
/// <para>Any thread may call any member; one reader and one writer at a time. <see cref="Abort"/> and <see cref="Dispose"/> may come at
/// any time and end what waits with <see cref="SocketError.OperationAborted"/>.</para>
/// <para>Every call that may wait exists three times: plain (waits as <see cref="Timeout"/> says), <c>Async</c> (the same
/// without a thread) and <c>Try</c> (never waits, returns the <see cref="SocketError"/>).</para>
/// <para>A network supplies the members that end in <c>Core</c>: try once, and wait until ready. All else derives from these here.</para>
/// </remarks>
public abstract partial class NetworkSocket : IDisposable, IAsyncDisposable
{
    private const byte StateOpen = 0;
    private const byte StateConnection = 1;
    private const byte StateClosed = 2;

    // Sockets are many, and this is -1 to 5.
    private readonly sbyte _type;
    private byte _state;
    private bool _listening;
    private bool _outputEnded;
    private bool _inputEnded;
    private bool _reset;
    private SocketObserver? _observer;

    // Kept once it is known: after a reset the system says no more who it was.
    private EndPoint? _peer;
    private bool _isPeerKept;
    private SocketExtras? _extras;
    private long _bytesReceived;
    private long _bytesSent;

    /// <summary>Makes a socket of <paramref name="network"/>. The network's own class calls it.</summary>
    protected NetworkSocket(Network network, AddressFamily family, SocketType type, ProtocolType protocol)
    {
        ArgumentNullException.ThrowIfNull(network);
        Network = network;
        AddressFamily = family;
        _type = checked((sbyte)type);
        ProtocolType = protocol;
    }

    /// <summary>Where this socket lives.</summary>
    public Network Network { get; }

    /// <summary>INET, INET6 or UNIX.</summary>
    public AddressFamily AddressFamily { get; }

    /// <summary>Stream, datagram, raw or SEQPACKET.</summary>
    public SocketType SocketType => (SocketType)_type;

    /// <summary>The protocol, as given when the socket was made.</summary>
    public ProtocolType ProtocolType { get; }

    /// <summary>
    /// How long a call may wait, each call for itself, sync and async alike: null for ever (the default), zero not at all (then
    /// <see cref="SocketError.WouldBlock"/>), else <see cref="SocketTimeoutException"/> when it has passed. Python's <c>settimeout</c>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or over 24 days.</exception>
    public TimeSpan? Timeout
    {
        get => KnownExtras?.Timeout;
        set
        {
            if (value is { } limit && (limit < TimeSpan.Zero || limit.TotalMilliseconds > int.MaxValue))
                throw new ArgumentOutOfRangeException(nameof(value), value, "A timeout is null (for ever), zero (do not wait) or up to 24 days.");
            if (value is not null || KnownExtras is not null)
                Extras.Timeout = value;
        }
    }

    /// <summary>Is told what happens here; null for nobody. Accepted sockets inherit it.</summary>
    public SocketObserver? Observer
    {
        get => _observer;
        set => _observer = value;
    }

    /// <summary>See <see cref="ListenerOptions.IsForRelay"/>; accepted sockets inherit it.</summary>
    internal bool IsForRelay { get; set; }

    /// <summary>The operating system's handle, or null where there is none (memory, simulation). Python's <c>fileno</c>.</summary>
    public virtual SafeSocketHandle? Handle => null;

    /// <summary>Where this socket is bound, or null. Python's <c>getsockname</c>.</summary>
    public EndPoint? LocalEndPoint => IsClosed ? null : LocalEndPointCore;

    /// <summary>What this socket is connected to, or null. Python's <c>getpeername</c>.</summary>
    public EndPoint? RemoteEndPoint
    {
        get
        {
            EndPoint? remote = IsClosed ? null : RemoteEndPointCore;
            if (remote is not null && !_isPeerKept)
                _peer = remote;
            return remote;
        }
    }

    /// <summary>Whether <see cref="Listen"/> was called (SO_ACCEPTCONN).</summary>
    public bool IsListening => _listening;

    /// <summary>Whether the socket was closed, aborted or detached.</summary>
    public bool IsClosed => Volatile.Read(ref _state) == StateClosed;

    /// <summary>The bytes taken from the network so far; peeked ones are not counted.</summary>
    public long BytesReceived => Volatile.Read(ref _bytesReceived);

    /// <summary>The bytes the network took so far.</summary>
    public long BytesSent => Volatile.Read(ref _bytesSent);

    /// <summary>How long the last successful connect took on the network's clock; null on accepted and unconnected sockets.</summary>
    public TimeSpan? HandshakeTime => KnownExtras?.HandshakeTime;

    /// <summary>Ends one direction or both: <c>Send</c> tells the peer that no more comes (FIN on TCP), and receiving goes on.</summary>
    /// <exception cref="SocketException">Not connected.</exception>
    public void Shutdown(SocketShutdown how)
    {
        ThrowIfTaken();
        try
        {
            ShutdownTaken(how);
        }
        catch (SocketException e) when (_observer is { } observer)
        {
            ObserveError(observer, e.SocketErrorCode);
            throw;
        }
    }

    /// <summary>Waits on this thread until the socket is ready for one of <paramref name="events"/>.</summary>
    /// <param name="events">What to wait for.</param>
    /// <param name="timeout">Null waits for ever, zero only looks.</param>
    /// <returns>What it is ready for; none: the time has passed.</returns>
    public SocketEvents Poll(SocketEvents events, TimeSpan? timeout = null)
    {
        SocketPoll item = new(this, events);
        Network.Poll(new Span<SocketPoll>(ref item), timeout);
        return item.Found;
    }

    /// <summary>Waits without a thread until the socket is ready for one of <paramref name="events"/>.</summary>
    /// <param name="events">What to wait for.</param>
    /// <param name="timeout">Null waits for ever, zero only looks.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What it is ready for; none: the time has passed.</returns>
    public async ValueTask<SocketEvents> PollAsync(SocketEvents events, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        SocketPoll[] items = [new SocketPoll(this, events)];
        await Network.PollAsync(items, timeout, cancellationToken).ConfigureAwait(false);
        return items[0].Found;
    }

    /// <summary>
    /// Closes at once and lets the peer know it is no orderly end: RST on TCP. Waits nowhere; what waits here ends with
    /// <see cref="SocketError.OperationAborted"/>. Idempotent.
    /// </summary>
    public void Abort() => Close(reset: true);

    /// <summary>
    /// Closes. On TCP the kernel still delivers what was sent; but with unread input the peer sees a reset: see <see cref="Connection"/>
    /// for a close that loses nothing. Idempotent.
    /// </summary>
    public void Dispose()
    {
        Close(reset: false);
        GC.SuppressFinalize(this);
    }

    /// <summary>The same as <see cref="Dispose"/>: closing a socket does not wait.</summary>
    public ValueTask DisposeAsync()
    {
        Close(reset: false);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Gives up the handle without closing it: the caller owns it now, this object is closed. Python's <c>detach</c>.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">The network has no handles.</exception>
    /// <exception cref="InvalidOperationException">A <see cref="Connection"/> has taken the socket: detach that.</exception>
    public SafeSocketHandle Detach()
    {
        ThrowIfTaken();
        return DetachTaken();
    }

    /// <summary>A stream over this socket, Python's <c>makefile</c>. Its errors are <see cref="IOException"/>s around the <see cref="SocketException"/>.</summary>
    /// <param name="ownsSocket">Whether disposing the stream closes the socket.</param>
    /// <exception cref="NotSupportedException">The socket is no stream socket.</exception>
    public Stream AsStream(bool ownsSocket = true)
    {
        if (SocketType != SocketType.Stream)
            throw new NotSupportedException($"A {SocketType} socket carries messages, not a stream of bytes.");
        return new SocketStream(this, ownsSocket);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{SocketErrors.Describe(IsClosed ? null : LocalEndPoint, SocketType, ProtocolType) ?? $"{AddressFamily} {SocketType}"}";

    /// <summary>Runs <paramref name="work"/> where <paramref name="socket"/> says, or without one on the thread pool.</summary>
    internal static void Dispatch(NetworkSocket? socket, IThreadPoolWorkItem work)
    {
        if (socket is null)
            ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
        else
            socket.DispatchCore(work);
    }

    /// <summary>Whether what this socket accepts has its TCP_NODELAY.</summary>
    internal virtual bool InheritsNoDelay => false;

    /// <summary>Whether closing tells the peer of the end as shutting down would, and nobody here wants to be told: then it need not be shut down first.</summary>
    internal bool EndsByClosing => _observer is null && EndsByClosingCore;

    /// <summary>Whether closing it ends it, in order, whatever is set on it and whoever else has it.</summary>
    private protected virtual bool EndsByClosingCore => false;

    /// <summary>
    /// Asked before a try that is followed by a wait: whether it would find nothing, as far as can be known, and the wait looks for itself. Once for what it says.
    /// </summary>
    internal virtual bool IsToWaitFirst() => false;

    /// <summary>Whether it is worth asking for the peer; false: it was never connected.</summary>
    private protected virtual bool MayBeConnected => true;

    private protected virtual SocketExtras CreateExtras() => new();

    internal bool IsTaken => Volatile.Read(ref _state) == StateConnection;

    /// <summary>The peer of a connection, which is asked for once and known for ever then: an IPv4 one by its plain address.</summary>
    internal EndPoint? KeptRemoteEndPoint
    {
        get
        {
            if (!Volatile.Read(ref _isPeerKept))
            {
                if (RemoteEndPoint is not { } remote)
                    return null;
                _peer = EndPoints.Unmap(remote);
                Volatile.Write(ref _isPeerKept, true);
            }

            // Another thread that asked the socket at the same moment may have put it there as the system has it.
            return EndPoints.Unmap(_peer!);
        }
    }

    /// <summary>What few sockets need; null while this one does not.</summary>
    private protected SocketExtras? KnownExtras => Volatile.Read(ref _extras);

    private protected SocketExtras Extras => KnownExtras ?? Interlocked.CompareExchange(ref _extras, CreateExtras(), null) ?? _extras;

    /// <summary>"tcp://127.0.0.1:80": the peer, or else this side, for messages.</summary>
    internal string? Description
    {
        get
        {
            if ((RemoteEndPoint ?? _peer) is { } peer)
                return SocketErrors.Describe(peer, SocketType, ProtocolType);
            string? local = SocketErrors.Describe(LocalEndPoint, SocketType, ProtocolType);
            return local is not null && IsTaken && SocketKinds.Connects(SocketType) ? $"the peer of {local}" : local;
        }
    }

    /// <summary>The socket came from elsewhere, and takes connections already.</summary>
    internal void MarkListening() => _listening = true;

    /// <summary>A connection takes the socket over: from now on only it moves data.</summary>
    internal void Take()
    {
        ThrowIfClosed();
        if (Interlocked.CompareExchange(ref _state, StateConnection, StateOpen) != StateOpen)
            throw new InvalidOperationException("A connection has taken this socket already.");
    }

    /// <summary>A connection gives the socket back.</summary>
    internal void Release() => Interlocked.CompareExchange(ref _state, StateOpen, StateConnection);

    internal SafeSocketHandle DetachTaken()
    {
        // Closed first, so that no wait begins on what is given away.
        byte state = Interlocked.Exchange(ref _state, StateClosed);
        ObjectDisposedException.ThrowIf(state == StateClosed, this);
        SafeSocketHandle handle;
        try
        {
            handle = DetachCore();
        }
        catch
        {
            Volatile.Write(ref _state, state);
            throw;
        }

        Observer?.Closed(this, aborted: false);
        return handle;
    }

    /// <summary>Tells one more observer; <paramref name="isNew"/>: also that the socket was made.</summary>
    internal void AddObserver(SocketObserver? observer, bool isNew = false)
    {
        if (observer is null)
            return;
        SocketObserver.Add(ref _observer, observer);
        if (isNew)
            observer.Opened(this);
    }

    internal void RemoveObserver(SocketObserver observer) => SocketObserver.Remove(ref _observer, observer);

    internal void ShutdownTaken(SocketShutdown how)
    {
        ThrowIfClosed();
        using ReservedPlace place = ReservePlace();
        SocketError error = ShutdownCore(how);
        if (error != SocketError.Success)
            throw Failure(error, "shut down");
        if (how == SocketShutdown.Receive || _outputEnded || _reset)
            return;
        _outputEnded = true;
        (place.Observer ?? _observer)?.HalfClosedAt(this, place.Place);
    }

    internal void Close(bool reset)
    {
        if (Interlocked.Exchange(ref _state, StateClosed) == StateClosed)
            return;
        try
        {
            Observer?.Closed(this, reset);
        }
        finally
        {
            CloseCore(reset);
        }
    }

    /// <summary>
    /// Starts a call that may wait: its one check that data calls are allowed. Closed later, a wait or the next try fails with
    /// <see cref="SocketError.OperationAborted"/>.
    /// </summary>
    private SocketDeadline Begin()
    {
        ThrowIfTaken();
        return StartDeadline();
    }

    private SocketDeadline StartDeadline() => new(Timeout, Network.TimeProvider);

    internal SocketException Failure(SocketError error, string action) => SocketErrors.Create(error, action, Description);

    private void ThrowIfClosed() => ObjectDisposedException.ThrowIf(IsClosed, this);

    private void ThrowIfTaken()
    {
        byte state = Volatile.Read(ref _state);
        if (state == StateOpen)
            return;
        ObjectDisposedException.ThrowIf(state == StateClosed, this);
        ThrowIfConnection();
    }

    private void ThrowIfConnection()
    {
        if (IsTaken)
            throw new InvalidOperationException("A connection has taken this socket: use the connection's Input and Output. Options and end points are still here.");
    }

    /// <summary>After a failed try: throws unless the call may wait and try again.</summary>
    private void ThrowUnlessWaiting(SocketError error, in SocketDeadline deadline, string action)
    {
        if (error != SocketError.WouldBlock || !deadline.AllowsWaiting)
            throw Failure(error, action);
    }

    private void Wait(SocketEvents events, in SocketDeadline deadline, string action)
    {
        if (!WaitCore(events, deadline.Remaining))
            throw TimedOut(deadline, action);
    }

    private ValueTask<bool> WaitAsync(SocketEvents events, uint epoch, in SocketDeadline deadline, CancellationToken cancellationToken) =>
        WaitCoreAsync(events, epoch, deadline.Remaining, cancellationToken);

    private SocketTimeoutException TimedOut(in SocketDeadline deadline, string action)
    {
        _observer?.Error(this, SocketError.TimedOut);
        return SocketErrors.TimedOut(action, Description, deadline.Timeout);
    }
}
