using System.Net;
using System.Net.Sockets;
using Sockeye.Tests.Time;

namespace Sockeye.Tests.Conformance;

/// <summary>A network in memory, fresh for each test.</summary>
public class MemoryFixture : NetworkFixture
{
    private readonly ManualTimeProvider _clock = new();
    private readonly MemoryNetwork _network;
    private int _paths;

    public MemoryFixture() => _network = new MemoryNetwork(_clock);

    public override Network Server => _network;

    public override Feature Features => Feature.All
        & ~(Feature.Raw | Feature.Descriptors | Feature.PeerCredentials | Feature.TcpInfo | Feature.Handles | Feature.RawOptions);

    public override async Task RunAsync(Func<Task> scenario)
    {
        SynchronizationContext.SetSynchronizationContext(null);
        await scenario().WaitAsync(Hang.Limit);
    }

    public override async ValueTask ElapseAsync(TimeSpan time)
    {
        _clock.Advance(time);
        await Task.Yield();
    }

    public override UnixDomainSocketEndPoint NewPath() => new($"/conformance/{Interlocked.Increment(ref _paths)}.sock");

    public override ValueTask<(IPEndPoint EndPoint, IAsyncDisposable Keeper)> OpenSilenceAsync(IPAddress address)
    {
        NetworkSocket listener = Server.CreateSocket(address.AddressFamily, SocketType.Stream);
        listener.Bind(new IPEndPoint(address, 0));
        listener.Listen();
        IPEndPoint silent = (IPEndPoint)listener.LocalEndPoint!;
        _network.Conditions.Drop(silent);
        return new((silent, listener));
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _network.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
