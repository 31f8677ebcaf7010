using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Sockeye;

public abstract partial class NetworkSocket
{
    /// <summary>The backlog <see cref="Listen"/> takes when none is given: the kernel cuts it to its own limit (<c>net.core.somaxconn</c>).</summary>
    public const int DefaultBacklog = 4096;

    /// <summary>Binds to a local end point; port 0 lets the network pick one, which <see cref="LocalEndPoint"/> then names.</summary>
    /// <exception cref="SocketException">With <see cref="SocketError.AddressAlreadyInUse"/>, <see cref="SocketError.AddressNotAvailable"/> or <see cref="SocketError.AccessDenied"/>, and a message that names the address.</exception>
    public void Bind(EndPoint local)
    {
        ArgumentNullException.ThrowIfNull(local);
        ThrowIfTaken();
        ThrowIfName(local, nameof(local), "Network.ListenAsync");
        SocketError error = FamilyError(local) ?? BindCore(Mapped(local));
        if (error != SocketError.Success)
        {
            _observer?.Error(this, error);
            throw BindFailure(error, local);
        }

        if (_observer is { } observer && LocalEndPointCore is { } bound)
            observer.Bound(this, bound);
    }

    /// <summary>Starts to take connections; <paramref name="backlog"/> of them may wait to be accepted.</summary>
    /// <exception cref="SocketException">The socket is of a kind that takes no connections, or not bound.</exception>
    public void Listen(int backlog = DefaultBacklog)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(backlog);
        ThrowIfTaken();
        SocketError error = SocketKinds.Connects(SocketType) ? ListenCore(backlog) : SocketError.OperationNotSupported;
        if (error != SocketError.Success)
        {
            _observer?.Error(this, error);
            throw error == SocketError.AddressAlreadyInUse && LocalEndPointCore is { } local ? BindFailure(error, local) : Failure(error, "listen at");
        }

        _listening = true;
        _observer?.Listening(this);
    }

    /// <summary>Takes a waiting connection, without waiting for one. It inherits this socket's observer, or else the network's, and not its timeout.</summary>
    /// <returns>Success, <see cref="SocketError.WouldBlock"/> when none is waiting, or the error.</returns>
    public SocketError TryAccept(out NetworkSocket? socket)
    {
        ThrowIfTaken();
        return AcceptOnce(out socket);
    }

    /// <summary>Waits for a connection and takes it.</summary>
    /// <exception cref="SocketException">With <see cref="SocketError.WouldBlock"/> if <see cref="Timeout"/> is zero and none is waiting; <see cref="SocketError.TooManyOpenSockets"/> when descriptors have run out.</exception>
    public NetworkSocket Accept()
    {
        SocketDeadline deadline = Begin();
        while (true)
        {
            ThrowIfConnection();
            SocketError error = AcceptOnce(out NetworkSocket? socket);
            if (socket is not null)
                return socket;
            ThrowUnlessWaiting(error, deadline, "accept at");
            Wait(SocketEvents.Readable, deadline, "accept at");
        }
    }

    /// <inheritdoc cref="Accept"/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<NetworkSocket> AcceptAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SocketDeadline deadline = Begin();
        while (true)
        {
            ThrowIfConnection();
            uint epoch = EpochCore(SocketEvents.Readable);
            SocketError error = AcceptOnce(out NetworkSocket? socket);
            if (socket is not null)
                return socket;
            ThrowUnlessWaiting(error, deadline, "accept at");
            if (!await WaitAsync(SocketEvents.Readable, epoch, deadline, cancellationToken).ConfigureAwait(false))
                throw TimedOut(deadline, "accept at");
        }
    }

    /// <summary>Connects a stream, or fixes whom a datagram socket talks to.</summary>
    /// <exception cref="SocketException">With the reason and the address. With a <see cref="Timeout"/> of zero <see cref="SocketError.InProgress"/>: poll for writable, then <see cref="TakeError"/>.</exception>
    public void Connect(EndPoint remote) => ThrowConnectFailure(TryConnect(remote), remote);

    /// <inheritdoc cref="Connect"/>
    public async ValueTask ConnectAsync(EndPoint remote, CancellationToken cancellationToken = default) =>
        ThrowConnectFailure(await TryConnectAsync(remote, cancellationToken).ConfigureAwait(false), remote);

    /// <summary>
    /// Connects and returns how it ended, Python's <c>connect_ex</c>. It waits as <see cref="Timeout"/> says: with zero it returns
    /// <see cref="SocketError.InProgress"/> at once, at a deadline <see cref="SocketError.TimedOut"/>.
    /// </summary>
    public SocketError TryConnect(EndPoint remote)
    {
        ArgumentNullException.ThrowIfNull(remote);
        SocketDeadline deadline = StartDeadline();
        long start = Network.TimeProvider.GetTimestamp();
        SocketError error = BeginConnect(remote);
        if (error == SocketError.InProgress)
        {
            if (!deadline.AllowsWaiting)
                return LeaveConnecting(remote, start);
            error = WaitCore(SocketEvents.Writable, deadline.Remaining) ? TakeErrorCore() : SocketError.TimedOut;
        }

        return EndConnect(error, remote, start);
    }

    /// <inheritdoc cref="TryConnect"/>
    public async ValueTask<SocketError> TryConnectAsync(EndPoint remote, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(remote);
        cancellationToken.ThrowIfCancellationRequested();
        SocketDeadline deadline = StartDeadline();
        long start = Network.TimeProvider.GetTimestamp();
        uint epoch = EpochCore(SocketEvents.Writable);
        SocketError error = BeginConnect(remote);
        while (error == SocketError.InProgress)
        {
            if (!deadline.AllowsWaiting)
                return LeaveConnecting(remote, start);

            // Asked before the first wait too: on the same machine the kernels' handshake is done when the call returns.
            if (IsClosed || (PollCore(SocketEvents.Writable) & (SocketEvents.Writable | SocketEvents.Error | SocketEvents.HangUp)) != 0)
                error = TakeErrorCore();
            else if (await WaitToConnectAsync(epoch, deadline, cancellationToken).ConfigureAwait(false))
                epoch = EpochCore(SocketEvents.Writable);
            else
                error = SocketError.TimedOut;
        }

        return EndConnect(error, remote, start);
    }

    /// <summary>Takes the pending error of the socket (SO_ERROR), which is cleared by it: after a connect in progress, how it ended.</summary>
    /// <returns>Success if there is none; also while a connect is still in progress, so poll until writable first.</returns>
    public SocketError TakeError()
    {
        ThrowIfClosed();
        SocketExtras? extras = KnownExtras;
        bool ended = extras?.Connecting is not null && PollCore(SocketEvents.Writable) != SocketEvents.None;
        SocketError error = TakeErrorCore();
        if (ended && Interlocked.Exchange(ref extras!.Connecting, null) is { } connecting)
            EndConnect(error, connecting.Remote, connecting.Start);
        return error;
    }

    private SocketError AcceptOnce(out NetworkSocket? socket)
    {
        SocketError error;
        try
        {
            error = TryAcceptCore(out socket);
        }
        catch (ObjectDisposedException)
        {
            (error, socket) = (SocketError.OperationAborted, default);
        }

        error = UnlessClosed(error, socket is null ? 0 : 1);
        if ((_observer ?? Network.Observer) is not { } observer)
            return error;
        if (socket is not null)
        {
            socket._observer ??= observer;
            socket.IsForRelay = IsForRelay;
            observer.Accepted(this, socket);
        }
        else if (_observer is not null)
        {
            ObserveError(observer, error);
        }

        return error;
    }

    private SocketError BeginConnect(EndPoint remote)
    {
        ThrowIfTaken();
        ThrowIfName(remote, nameof(remote), "Network.ConnectAsync");
        _observer?.Connecting(this, remote);
        SocketError error = FamilyError(remote) ?? ConnectedError() ?? TryConnectCore(Mapped(remote));
        return error == SocketError.WouldBlock ? SocketError.InProgress : error;
    }

    /// <summary>A close meanwhile ends the wait; here it is a result, not an exception.</summary>
    private async ValueTask<bool> WaitToConnectAsync(uint epoch, SocketDeadline deadline, CancellationToken cancellationToken)
    {
        try
        {
            return await WaitAsync(SocketEvents.Writable, epoch, deadline, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException) when (IsClosed)
        {
            return true;
        }
    }

    /// <summary>Who does not wait asks by <see cref="TakeError"/> how it ended.</summary>
    private SocketError LeaveConnecting(EndPoint remote, long start)
    {
        Extras.Connecting = new SocketExtras.PendingConnect(remote, start);
        return SocketError.InProgress;
    }

    private SocketError EndConnect(SocketError error, EndPoint remote, long start)
    {
        error = UnlessClosed(error, count: 0);
        if (error == SocketError.Success)
        {
            TimeSpan handshake = Network.TimeProvider.GetElapsedTime(start);
            Extras.HandshakeTime = handshake;
            _peer = remote;
            _observer?.Connected(this, remote, handshake);
        }
        else if (_observer is { } observer)
        {
            ObserveError(observer, error);
        }

        return error;
    }

    private void ThrowConnectFailure(SocketError error, EndPoint remote)
    {
        if (error == SocketError.Success)
            return;
        string? where = SocketErrors.Describe(remote, SocketType, ProtocolType);
        if (error == SocketError.TimedOut && Timeout is { } timeout && timeout != TimeSpan.Zero)
            throw SocketErrors.TimedOut("connect to", where, timeout);
        throw EndPointFailure(remote, error, "connect to", error switch
        {
            SocketError.InProgress => "Timeout is zero: poll until writable, then TakeError()",
            SocketError.ConnectionRefused when SocketType == SocketType.Stream => Network.DescribeRefusalCore(remote),
            _ => null,
        });
    }

    /// <summary>Binds to a name the network chooses, where that is needed to be answered.</summary>
    internal void BindAutomatically()
    {
        SocketError error = BindAutomaticallyCore();
        if (_observer is not { } observer)
            return;
        if (error != SocketError.Success)
            observer.Error(this, error);
        else if (LocalEndPointCore is { } bound)
            observer.Bound(this, bound);
    }

    private SocketException BindFailure(SocketError error, EndPoint local)
    {
        string? advice = error == SocketError.AddressAlreadyInUse ? Network.AdviseInUseCore(local, SocketType, ProtocolType) : null;
        return EndPointFailure(local, error, IsListening || SocketType is not SocketType.Stream ? "bind to" : "listen on", advice, isOurs: true);
    }

    private SocketException EndPointFailure(EndPoint endPoint, SocketError error, string action, string? advice = null, bool isOurs = false)
    {
        string? where = SocketErrors.Describe(endPoint, SocketType, ProtocolType);
        if (error != SocketError.AddressFamilyNotSupported || endPoint.AddressFamily == AddressFamily)
            return SocketErrors.CreateFor(endPoint, error, action, where, advice, isOurs);
        string socket = SocketKinds.Name(AddressFamily), address = SocketKinds.Name(endPoint.AddressFamily);
        return SocketErrors.Create(error, action, where, advice ?? $"make an {address} socket for it", $"the socket is of the family {socket}, the address of {address}");
    }

    private SocketError? FamilyError(EndPoint endPoint) =>
        endPoint.AddressFamily == AddressFamily
        || (AddressFamily == AddressFamily.InterNetworkV6 && endPoint.AddressFamily == AddressFamily.InterNetwork && DualMode)
            ? null
            : SocketError.AddressFamilyNotSupported;

    /// <summary>
    /// Kernels differ: after a connect in progress Linux answers the next one with success, and looks a Unix name up first.
    /// </summary>
    private SocketError? ConnectedError() =>
        SocketKinds.Connects(SocketType) && MayBeConnected && RemoteEndPointCore is not null ? SocketError.IsConnected : null;

    private static void ThrowIfName(EndPoint endPoint, string parameter, string instead)
    {
        if (endPoint is DnsEndPoint name)
            throw new ArgumentException($"'{name.Host}' is a name: a socket takes addresses. Resolve it with Network.ResolveAsync, or use {instead}.", parameter);
    }
}
