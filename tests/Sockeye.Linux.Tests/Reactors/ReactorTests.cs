using System.Net.Sockets;

namespace Sockeye.Linux.Tests.Reactors;

/// <summary>
/// What is the reactors' own, beside what every network keeps. A subject is an abstract class; each engine declares it once. Peers live on the host network, so that
/// what is tested is this side alone.
/// </summary>
public abstract class ReactorTests(Engine engine) : IAsyncLifetime
{
    /// <summary>Stands for an abstract name that no other test uses.</summary>
    protected const string AnyName = "abstract://";

    private readonly List<LinuxNetwork> _networks = [];

    /// <summary>Where connections of every kind come in: the kernel spreads the first two, the network the third.</summary>
    public static TheoryData<string> Addresses => ["tcp://127.0.0.1:0", "tcp://[::1]:0", AnyName];

    /// <summary>The reactor whose thread this is; null on any other.</summary>
    protected static int? Here => Reactor.Current?.Index;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (LinuxNetwork network in _networks)
            await network.DisposeAsync();
    }

    protected static Task<Listener> ListenAsync(LinuxNetwork network, string address = "tcp://127.0.0.1:0") =>
        network.ListenAsync(Named(address)).AsTask();

    /// <summary>The address, or where it is <see cref="AnyName"/> one that nobody else has.</summary>
    protected static string Named(string address) => address == AnyName ? $"{AnyName}sockeye-reactors-{Guid.NewGuid():N}" : address;

    protected static int ReactorOf(Connection connection) => ReactorOf(connection.Socket!);

    protected static int ReactorOf(NetworkSocket socket) => ((ReactorSocket)socket).Reactor.Index;

    /// <summary>Runs a scenario without xunit's context, and fails rather than hang.</summary>
    protected static async Task RunAsync(Func<Task> scenario)
    {
        SynchronizationContext.SetSynchronizationContext(null);
        await scenario().WaitAsync(Hang.Limit);
    }

    /// <summary>Starts a handler as a server does: on the reactor of its socket.</summary>
    protected static Task StartOn(NetworkSocket socket, Func<Task> handler)
    {
        TaskCompletionSource<Task> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        socket.DispatchCore(new RawWork(() => started.SetResult(RunHereAsync())));
        return started.Task.Unwrap();

        // What the handler throws at once is its task's, too.
        async Task RunHereAsync() => await handler();
    }

    /// <summary>Runs a callback on the reactor of a socket, bare of all that tasks do.</summary>
    protected static void Post(NetworkSocket socket, Action callback) => socket.DispatchCore(new RawWork(callback));

    /// <summary>A connection of the reactors and its peer. Whoever awaits this goes on on the pool.</summary>
    protected static async Task<ReactorPair> ConnectAsync(LinuxNetwork network, string address = "tcp://127.0.0.1:0")
    {
        await using Listener listener = await ListenAsync(network, address);
        Task<Connection?> accepting = listener.AcceptAsync().AsTask();
        NetworkSocket peer = await ConnectPeerAsync(listener);
        Connection connection = (await accepting)!;
        await Task.Yield();
        return new ReactorPair(peer, connection);
    }

    /// <summary>A peer on the host network.</summary>
    protected static async Task<NetworkSocket> ConnectPeerAsync(Listener listener)
    {
        NetworkSocket peer = Network.Host.CreateSocket(listener.LocalEndPoints[0].AddressFamily, SocketType.Stream);
        await peer.ConnectAsync(listener.LocalEndPoints[0]);
        return peer;
    }

    /// <summary>Keeps a reactor to itself until it is told to go on.</summary>
    protected static async Task<HeldReactor> HoldAsync(NetworkSocket socket)
    {
        HeldReactor held = new();
        Post(socket, held.Hold);
        await held.Entered;
        return held;
    }

    protected LinuxNetwork Open(int reactors = 1, LinuxNetworkOptions? options = null)
    {
        LinuxNetwork network = engine.Open((options ?? new LinuxNetworkOptions()) with { ReactorCount = reactors });
        _networks.Add(network);
        return network;
    }
}
