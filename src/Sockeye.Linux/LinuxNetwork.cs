using System.Net.Sockets;
using Sockeye.Interop;

namespace Sockeye;

/// <summary>
/// The operating system's network with reactors: each is a thread that waits for the sockets that are its own, and goes on there with whoever waited for them. No
/// operation hops to the thread pool, which is what most of the processor time of a stock socket goes to.
/// </summary>
/// <remarks>
/// <para>A listener at an internet address accepts on every reactor, and the kernel spreads the connections over them (SO_REUSEPORT). Connections of a Unix listener are handed
/// round.</para>
/// <para>A handler must not block: see <see cref="LinuxNetworkOptions.OnHeld"/>. Plain (synchronous) calls wait on their own thread, never on a reactor.</para>
/// </remarks>
public sealed class LinuxNetwork : SystemNetwork
{
    private readonly Reactor[] _reactors;
    private readonly ReactorWatch? _watch;
    private int _next;

    /// <summary>Makes a network and starts its reactors.</summary>
    /// <exception cref="PlatformNotSupportedException">This is not Linux, or <see cref="LinuxBackend.IoUring"/> is asked for and cannot be had: the message says why.</exception>
    /// <exception cref="SocketException">There are not enough descriptors: each reactor takes two or three.</exception>
    public LinuxNetwork(LinuxNetworkOptions? options = null)
        : this(options, RingSizes.Default, faults: null)
    {
    }

    /// <summary>With rings of other sizes, and a kernel that does what it does seldom: for the tests.</summary>
    internal LinuxNetwork(LinuxNetworkOptions? options, RingSizes sizes, ReactorFaults? faults)
        : base((options ?? LinuxNetworkOptions.Default).TimeProvider, isPortable: false)
    {
        if (!IsSupported)
            throw new PlatformNotSupportedException("LinuxNetwork needs Linux; Network.Host is everywhere.");
        Options = options ?? LinuxNetworkOptions.Default;
        Faults = faults;
        BackendReason = Options.Backend == LinuxBackend.Epoll ? "epoll was asked for" : faults is { SetupErrno: > 0 } ? RingProbe.Describe(faults.SetupErrno) : RingProbe.WhyNot;
        Backend = BackendReason is null ? LinuxBackend.IoUring : LinuxBackend.Epoll;
        if (Backend != LinuxBackend.IoUring && Options.Backend == LinuxBackend.IoUring)
            throw new PlatformNotSupportedException($"io_uring cannot be used: {BackendReason}. LinuxBackend.Auto takes epoll then.");
        _reactors = new Reactor[Options.ReactorCount];
        try
        {
            for (int i = 0; i < _reactors.Length; i++)
                _reactors[i] = new Reactor(this, i, Backend == LinuxBackend.IoUring ? new RingBackend(sizes) : new EpollBackend());
        }
        catch
        {
            _ = StopReactors();
            throw;
        }

        foreach (Reactor reactor in _reactors)
            reactor.Start();
        if (Options.OnHeld is { } onHeld)
            _watch = new ReactorWatch(this, _reactors, onHeld);
    }

    /// <summary>Whether this system can have one.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux();

    /// <summary>What the reactors wait in: <see cref="LinuxBackend.Epoll"/> or <see cref="LinuxBackend.IoUring"/>.</summary>
    public LinuxBackend Backend { get; }

    /// <summary>Why it is not io_uring; null if it is.</summary>
    public string? BackendReason { get; }

    /// <summary>How many reactors there are.</summary>
    public int ReactorCount => _reactors.Length;

    internal LinuxNetworkOptions Options { get; }

    internal ReactorFaults? Faults { get; }

    /// <summary>Stops the reactors. Who waits for a socket of theirs ends with <see cref="SocketError.OperationAborted"/>.</summary>
    public override async ValueTask DisposeAsync()
    {
        _watch?.Dispose();
        await StopReactors().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>What nobody else could catch.</summary>
    internal void Report(Exception e)
    {
        try
        {
            Options.OnError?.Invoke(e);
        }
        catch (Exception)
        {
            // It was to be told of errors; of its own nobody is left to tell.
        }
    }

    internal override HostSocket Wrap(Socket socket, AddressFamily family, SocketType type, ProtocolType protocol) =>
        new ReactorSocket(this, socket, NextReactor(), family, type, protocol);

    internal override LinuxHostSocket Wrap(Descriptor descriptor, AddressFamily family, SocketType type, ProtocolType protocol) =>
        new ReactorSocket(this, descriptor, NextReactor(), family, type, protocol);

    internal override LinuxHostSocket WrapAccepted(Descriptor descriptor, LinuxHostSocket listener)
    {
        // A listener that has the address to itself accepts for all reactors.
        Reactor reactor = listener is ReactorSocket { IsShard: true } shard ? shard.Reactor : Rotate();
        return new ReactorSocket(this, descriptor, reactor, listener.AddressFamily, listener.SocketType, listener.ProtocolType);
    }

    /// <summary>One listener a reactor. The first was bound without SO_REUSEPORT: with it, a stranger's server could have the port already, and no error would tell.</summary>
    internal override NetworkSocket? CreateShard(NetworkSocket first, int index)
    {
        if (first is not ReactorSocket bound)
            return null;
        bound.IsOfListener = true;
        if (index >= _reactors.Length || first.AddressFamily == AddressFamily.Unix)
            return null;
        bound.ReusePortCore = true;
        bound.IsShard = true;
        SocketError error = LibC.CreateTcp(first.AddressFamily, out Descriptor? descriptor);
        if (error != SocketError.Success)
            throw SocketErrors.Create(error, $"make a {first.AddressFamily} socket");
        Reactor reactor = _reactors[(bound.Reactor.Index + index) % _reactors.Length];
        return new ReactorSocket(this, descriptor!, reactor, first.AddressFamily, first.SocketType, first.ProtocolType) { IsOfListener = true, IsShard = true, ReusePortCore = true };
    }

    /// <summary>A socket that is made on a reactor stays there; others go round.</summary>
    private Reactor NextReactor() => Reactor.Current is { } current && current.Network == this ? current : Rotate();

    private Reactor Rotate() => _reactors.Length == 1 ? _reactors[0] : _reactors[(uint)Interlocked.Increment(ref _next) % (uint)_reactors.Length];

    /// <summary>Done when all have stopped; a reactor's own thread does not wait for itself.</summary>
    private Task StopReactors() => Task.WhenAll(_reactors.OfType<Reactor>().Select(reactor => reactor.StopAsync()));
}
