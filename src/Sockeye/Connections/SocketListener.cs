using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>A listener over one listening socket, or several that are its shards.</summary>
internal sealed class SocketListener : Listener
{
    private readonly Network _network;
    private readonly NetworkSocket[] _sockets;
    private readonly StreamOptions _acceptedOptions;
    private readonly CancellationTokenSource _stopped = new();
    private int _next;
    private int _acceptedAtOnce;

    public SocketListener(Network network, Address address, NetworkSocket[] sockets, ListenerOptions options)
        : this(network, address, sockets, AddressOptionsSetter.Merge<StreamOptions>(address, options))
    {
    }

    private SocketListener(Network network, Address address, NetworkSocket[] sockets, StreamOptions options)
    {
        _network = network;
        _sockets = sockets;
        _acceptedOptions = options.NoDelay && Array.TrueForAll(sockets, HasNoDelayInherited) ? options with { NoDelay = false } : options;
        Address = address;
        LocalEndPoints = [.. sockets.Select(socket => socket.LocalEndPoint!).Distinct()];
        Shards = sockets.Length == 1 ? [this] : Array.ConvertAll(sockets, socket => new SocketListener(network, address, [socket], options));
    }

    public override Address Address { get; }

    public override IReadOnlyList<EndPoint> LocalEndPoints { get; }

    public override IReadOnlyList<Listener> Shards { get; }

    public override TimeProvider TimeProvider => _network.TimeProvider;

    public override async ValueTask<Connection?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (_acceptedAtOnce >= FairTurn.TriesMax)
                {
                    // Where connections never cease to come, what was accepted would never begin.
                    _acceptedAtOnce = 0;
                    await new FairTurn(_sockets[0]);
                    continue;
                }

                uint epoch = _sockets[0].EpochCore(SocketEvents.Readable);
                if (TryAcceptInTurn() is { } connection)
                {
                    _acceptedAtOnce++;
                    return connection;
                }

                _acceptedAtOnce = 0;
                if (_stopped.IsCancellationRequested)
                    return null;
                await WaitAsync(epoch, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (IsStopped(e))
            {
                return null;
            }
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (!_stopped.IsCancellationRequested)
            await _stopped.CancelAsync().ConfigureAwait(false);
        foreach (Listener shard in Shards)
        {
            if (shard != this)
                await shard.DisposeAsync().ConfigureAwait(false);
        }

        foreach (NetworkSocket socket in _sockets)
            socket.Dispose();
    }

    /// <summary>Asks the sockets, beginning behind the one that was first the last time, so that a busy one does not starve the others.</summary>
    private Connection? TryAcceptInTurn()
    {
        int first = _sockets.Length == 1 ? 0 : _next++ & int.MaxValue;
        for (int i = 0; i < _sockets.Length; i++)
        {
            if (TryAccept(_sockets[(first + i) % _sockets.Length]) is { } connection)
                return connection;
        }

        return null;
    }

    private Connection? TryAccept(NetworkSocket socket)
    {
        while (true)
        {
            SocketError error = socket.TryAccept(out NetworkSocket? accepted);
            if (accepted is not null)
                return _network.CreateConnection(accepted, _acceptedOptions);
            // A security policy may forbid a connection before it is taken off the queue: trying again at once could turn round for ever.
            if (error is SocketError.WouldBlock or SocketError.AccessDenied)
                return null;
            if (!IsPeersOwn(error))
                throw SocketErrors.Create(error, "accept at", Address.ToString());
        }
    }

    /// <summary>Sets on the listening socket what each of its connections would have to be told otherwise.</summary>
    private static bool HasNoDelayInherited(NetworkSocket socket) =>
        socket.InheritsNoDelay && socket.AddressFamily != AddressFamily.Unix
        && socket.SetOptionCore(SocketOptionLevel.Tcp, SocketOptionName.NoDelay, 1) == SocketError.Success;

    private ValueTask<bool> WaitAsync(uint epoch, CancellationToken cancellationToken) =>
        _sockets.Length == 1 ? _sockets[0].WaitCoreAsync(SocketEvents.Readable, epoch, timeout: null, cancellationToken) : WaitForAnyAsync(cancellationToken);

    private async ValueTask<bool> WaitForAnyAsync(CancellationToken cancellationToken)
    {
        SocketPoll[] items = Array.ConvertAll(_sockets, socket => new SocketPoll(socket, SocketEvents.Readable));
        return await _network.PollAsync(items, timeout: null, cancellationToken).ConfigureAwait(false) > 0;
    }

    private bool IsStopped(Exception e) =>
        _stopped.IsCancellationRequested && e is SocketException or ObjectDisposedException;

    /// <summary>Errors of one connection that ended while it waited, which accept(2) hands to the listener.</summary>
    private static bool IsPeersOwn(SocketError error) => error is SocketError.ConnectionAborted or SocketError.ConnectionReset
        or SocketError.Interrupted or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown or SocketError.HostDown
        or SocketError.TimedOut or SocketError.ProtocolOption;
}
