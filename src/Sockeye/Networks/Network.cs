using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// A place where sockets live: the operating system's network (<see cref="Host"/>), one in memory, a reactor, a simulated host. Code
/// written against it runs on all of them.
/// </summary>
public abstract class Network : IAsyncDisposable
{
    private SocketObserver? _observer;

    /// <summary>The operating system's network, through System.Net.Sockets.</summary>
    public static Network Host => HostNetwork.Shared;

    /// <summary>The clock of every timer on this network.</summary>
    public virtual TimeProvider TimeProvider => TimeProvider.System;

    /// <summary>This host's own name. Python's <c>gethostname</c>.</summary>
    public abstract string HostName { get; }

    /// <summary>The observer that sockets get when they are made; null for none.</summary>
    public SocketObserver? Observer
    {
        get => _observer;
        set => _observer = value;
    }

    /// <summary>Makes a socket: INET and INET6 with stream, datagram or raw; UNIX with stream, datagram or SEQPACKET.</summary>
    /// <exception cref="SocketException">No kernel has this combination, or this network does not, or raw sockets are not permitted.</exception>
    public NetworkSocket CreateSocket(AddressFamily family, SocketType type, ProtocolType protocol = ProtocolType.Unspecified)
    {
        SocketKinds.Check(family, type, protocol);
        NetworkSocket socket = CreateSocketCore(family, type, protocol);
        Adopt(socket);
        return socket;
    }

    /// <summary>Makes two sockets connected to each other. Python's <c>socketpair</c>.</summary>
    /// <exception cref="SocketException">The network has no pairs of this type.</exception>
    public (NetworkSocket First, NetworkSocket Second) CreatePair(SocketType type = SocketType.Stream)
    {
        SocketKinds.Check(AddressFamily.Unix, type, ProtocolType.Unspecified);
        (NetworkSocket first, NetworkSocket second) = CreatePairCore(type);
        Adopt(first);
        Adopt(second);
        return (first, second);
    }

    /// <summary>The addresses of a name, in the order to try them. Python's <c>getaddrinfo</c>. An address in text form resolves to itself.</summary>
    /// <param name="host">The name.</param>
    /// <param name="family">INET or INET6 only; unspecified for both.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SocketException">With <see cref="SocketError.HostNotFound"/> or <see cref="SocketError.NoData"/>, naming the host.</exception>
    public abstract ValueTask<IPAddress[]> ResolveAsync(string host, AddressFamily family = AddressFamily.Unspecified, CancellationToken cancellationToken = default);

    /// <summary>Waits on this thread until one of the sockets is ready, and marks which (<see cref="SocketPoll.Found"/>).</summary>
    /// <param name="items">The sockets and what to wait for.</param>
    /// <param name="timeout">Null waits for ever, zero only looks.</param>
    /// <returns>How many are ready; 0: the time has passed.</returns>
    /// <exception cref="SocketException">The sockets are more than the system polls at once.</exception>
    public int Poll(Span<SocketPoll> items, TimeSpan? timeout = null)
    {
        CheckPoll(items, timeout);
        return PollCore(items, timeout);
    }

    /// <summary>Waits without a thread until one of the sockets is ready, and marks which (<see cref="SocketPoll.Found"/>).</summary>
    /// <param name="items">The sockets and what to wait for.</param>
    /// <param name="timeout">Null waits for ever, zero only looks.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many are ready; 0: the time has passed.</returns>
    public ValueTask<int> PollAsync(Memory<SocketPoll> items, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        CheckPoll(items.Span, timeout);
        cancellationToken.ThrowIfCancellationRequested();
        return PollAsyncCore(items, timeout, cancellationToken);
    }

    /// <summary>
    /// Listens at an address: "tcp://127.0.0.1:8888", "unix:///run/my.sock". <c>localhost</c> listens on both loopbacks, <c>*</c>
    /// on every interface, port 0 takes a free one: the same for all of the listener's end points.
    /// </summary>
    /// <exception cref="SocketException">It cannot; the message names the address, why, and what to try.</exception>
    /// <exception cref="NotSupportedException">The address is of a kind that takes no connections.</exception>
    public virtual ValueTask<Listener> ListenAsync(Address address, ListenerOptions? options = null, CancellationToken cancellationToken = default) =>
        ListenerFactory.ListenAsync(this, address, options ?? ListenerOptions.Default, cancellationToken);

    /// <summary>
    /// Connects to an address. A name's addresses are raced, IPv6 first (RFC 8305), and a failure names every address tried.
    /// </summary>
    /// <exception cref="SocketException">It cannot; the message names the address, why, and what to try.</exception>
    /// <exception cref="SocketTimeoutException"><see cref="ConnectorOptions.ConnectTimeout"/> has passed.</exception>
    /// <exception cref="NotSupportedException">The address is of a kind that makes no connections.</exception>
    public virtual ValueTask<Connection> ConnectAsync(Address address, ConnectorOptions? options = null, CancellationToken cancellationToken = default) =>
        Connector.ConnectAsync(this, address, options ?? ConnectorOptions.Default, cancellationToken);

    /// <inheritdoc cref="ListenAsync(Address, ListenerOptions?, CancellationToken)"/>
    public ValueTask<Listener> ListenAsync(Address address, CancellationToken cancellationToken) => ListenAsync(address, options: null, cancellationToken);

    /// <inheritdoc cref="ConnectAsync(Address, ConnectorOptions?, CancellationToken)"/>
    public ValueTask<Connection> ConnectAsync(Address address, CancellationToken cancellationToken) => ConnectAsync(address, options: null, cancellationToken);

    /// <summary>Opens a socket for datagrams bound to <paramref name="local"/>: "udp://127.0.0.1:9000", "unix-dgram:///run/my.sock".</summary>
    /// <exception cref="SocketException">It cannot; the message names the address, why, and what to try.</exception>
    /// <exception cref="NotSupportedException">The address is of a kind that has no datagrams.</exception>
    public virtual ValueTask<DatagramSocket> OpenDatagramAsync(Address local, CancellationToken cancellationToken = default) =>
        DatagramFactory.OpenAsync(this, local, cancellationToken);

    /// <summary>Opens a socket that exchanges datagrams with <paramref name="remote"/> only. A name's first address is taken.</summary>
    /// <exception cref="SocketException">It cannot; the message names the address, why, and what to try.</exception>
    /// <exception cref="NotSupportedException">The address is of a kind that has no datagrams.</exception>
    public virtual ValueTask<DatagramSocket> ConnectDatagramAsync(Address remote, CancellationToken cancellationToken = default) =>
        DatagramFactory.ConnectAsync(this, remote, cancellationToken);

    /// <summary>Tells one more observer of every socket that is made from now on.</summary>
    /// <returns>Disposed, it ends this for sockets to come. Those that have the observer keep it.</returns>
    public IDisposable Observe(SocketObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        SocketObserver.Add(ref _observer, observer);
        return new Observation(() => SocketObserver.Remove(ref _observer, observer));
    }

    /// <summary>Takes a connected socket over for a <see cref="Connection"/>: from now on the socket's own data calls throw.</summary>
    /// <exception cref="InvalidOperationException">Another connection has it.</exception>
    public Connection CreateConnection(NetworkSocket socket, StreamOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (!SocketKinds.Connects(socket.SocketType) || socket.IsListening)
            throw new ArgumentException("A connection needs a connected stream or SEQPACKET socket.", nameof(socket));
        socket.Take();
        return CreateConnectionCore(socket, options ?? StreamOptions.Standard);
    }

    /// <summary>Closes the network. The shared host network stays.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Makes a socket; the combination is one that kernels have.</summary>
    protected abstract NetworkSocket CreateSocketCore(AddressFamily family, SocketType type, ProtocolType protocol);

    /// <summary>Makes two connected sockets.</summary>
    protected abstract (NetworkSocket First, NetworkSocket Second) CreatePairCore(SocketType type);

    /// <summary>Makes a connection over a socket it has taken. The general one works everywhere; fast networks have their own.</summary>
    protected virtual Connection CreateConnectionCore(NetworkSocket socket, StreamOptions options) => new SocketConnection(socket, options);

    /// <summary>See <see cref="Poll"/>. The general one asks the sockets and waits without a thread.</summary>
    protected virtual int PollCore(Span<SocketPoll> items, TimeSpan? timeout)
    {
        SocketPoll[] copy = items.ToArray();
        int found = PollAsyncCore(copy, timeout, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        copy.CopyTo(items);
        return found;
    }

    /// <summary>See <see cref="PollAsync"/>. The general one asks the sockets, and waits for each.</summary>
    protected virtual ValueTask<int> PollAsyncCore(Memory<SocketPoll> items, TimeSpan? timeout, CancellationToken cancellationToken) =>
        SocketPoller.PollAsync(items, timeout, TimeProvider, cancellationToken);

    /// <summary>
    /// What to try when a local end point is in use, and who or what has it: "python3 (process 123) has it; choose another". Null where nothing more
    /// is known.
    /// </summary>
    protected internal virtual string? AdviseInUseCore(EndPoint local, SocketType type, ProtocolType protocol) => null;

    /// <summary>What to try instead of an end point that refused a stream: what listens near it; null where that cannot be known.</summary>
    protected internal virtual string? DescribeRefusalCore(EndPoint remote) => null;

    /// <summary>What a listener does before it binds a Unix path, so that a dead server's file is no obstacle.</summary>
    protected internal virtual ValueTask PrepareUnixPathAsync(UnixDomainSocketEndPoint endPoint, SocketType type, CancellationToken cancellationToken) =>
        ValueTask.CompletedTask;

    /// <summary>Sets the permissions of a bound Unix path.</summary>
    protected internal virtual void SetUnixPathMode(UnixDomainSocketEndPoint endPoint, UnixFileMode mode)
    {
    }

    /// <summary>
    /// Another socket for the end point of <paramref name="first"/>, which listens: so many accept side by side as this gives, for index 1, 2 and so on. It is not bound
    /// yet. The default has none.
    /// </summary>
    internal virtual NetworkSocket? CreateShard(NetworkSocket first, int index) => null;

    private protected void Adopt(NetworkSocket socket)
    {
        if (Observer is not { } observer)
            return;
        socket.Observer = observer;
        observer.Opened(socket);
    }

    [SuppressMessage("Usage", "MA0015", Justification = "The faulty value is the entry's timeout.")]
    private static void CheckPoll(ReadOnlySpan<SocketPoll> items, TimeSpan? timeout)
    {
        if (timeout < TimeSpan.Zero || timeout?.TotalMilliseconds > int.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "A timeout is null (for ever), zero (only look) or up to 24 days.");
        foreach (SocketPoll item in items)
        {
            if (item.Socket is null)
                throw new ArgumentException("Every entry needs a socket.", nameof(items));
        }
    }
}
