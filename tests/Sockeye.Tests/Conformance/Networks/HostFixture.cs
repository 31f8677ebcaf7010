using System.Net;
using System.Net.Sockets;
using Sockeye.Tests.Time;

namespace Sockeye.Tests.Conformance;

/// <summary>The operating system's network, in real time but for its timers, whose clock the test moves.</summary>
public class HostFixture : NetworkFixture
{
    private readonly ManualTimeProvider _clock;
    private readonly Lazy<DirectoryInfo> _folder = new(() => Directory.CreateTempSubdirectory("sockeye-"));
    private int _paths;

    public HostFixture()
        : this(portable: false)
    {
    }

    protected HostFixture(bool portable)
        : this(new ManualTimeProvider(), clock => new HostNetwork(clock, portable))
    {
    }

    /// <summary>Over another network of the operating system's sockets.</summary>
    protected HostFixture(Func<TimeProvider, Network> network)
        : this(new ManualTimeProvider(), network)
    {
    }

    private HostFixture(ManualTimeProvider clock, Func<TimeProvider, Network> network) => (_clock, Server) = (clock, network(clock));

    public override Network Server { get; }

    /// <summary>Linux routes no IPv6 group to its loopback interface.</summary>
    public override Feature Features => Feature.All & ~Feature.Multicast6;

    /// <summary>
    /// Linux acknowledges late, by 40 ms (TCP_DELACK_MIN), and then there is room again; and so there is after the first probe of a window that is not
    /// quite closed. Nothing tells of either but the kernel's own account of the connection.
    /// </summary>
    protected override bool StaysFull(NetworkSocket sender)
    {
        const int TcpInfoOption = 11, UnacknowledgedOffset = 24, WindowOffset = 228;
        if (!OperatingSystem.IsLinux() || sender.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6))
            return true;
        byte[] info = new byte[256];
        int length = sender.GetOption((int)SocketOptionLevel.Tcp, TcpInfoOption, info);
        return BitConverter.ToUInt32(info, UnacknowledgedOffset) == 0
            && (length < WindowOffset + sizeof(uint) || BitConverter.ToUInt32(info, WindowOffset) == 0);    // Linux 6.2 tells the window first
    }

    public override async Task RunAsync(Func<Task> scenario)
    {
        // xunit's own context would bring every await back to it.
        SynchronizationContext.SetSynchronizationContext(null);
        await scenario().WaitAsync(Hang.Limit);
    }

    public override async ValueTask ElapseAsync(TimeSpan time)
    {
        _clock.Advance(time);
        await Task.Yield();
    }

    public override UnixDomainSocketEndPoint NewPath() => new(Path.Combine(_folder.Value.FullName, $"{Interlocked.Increment(ref _paths)}.sock"));

    /// <summary>A listener whose queue is full: the kernel drops what knocks, as if nobody were there.</summary>
    public override async ValueTask<(IPEndPoint EndPoint, IAsyncDisposable Keeper)> OpenSilenceAsync(IPAddress address)
    {
        NetworkSocket listener = Server.CreateSocket(address.AddressFamily, SocketType.Stream);
        listener.Bind(new IPEndPoint(address, 0));
        listener.Listen(backlog: 0);
        NetworkSocket client = Server.CreateSocket(address.AddressFamily, SocketType.Stream);
        await client.ConnectAsync(listener.LocalEndPoint!);
        return ((IPEndPoint)listener.LocalEndPoint!, new SocketPair(client, listener));
    }

    public override async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        if (_folder.IsValueCreated)
            _folder.Value.Delete(recursive: true);
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
