using Sockeye.Tests.Conformance;
using Sockeye.Tests.Serving;
using Sockeye.Tests.Time;

namespace Sockeye.Tests.Connections.Tls;

/// <summary>A network in memory with a clock that stands, an authority, and two sides of TLS.</summary>
public abstract class TlsTestBase : IAsyncLifetime
{
    protected static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    protected TlsTestBase()
    {
        Clock.Advance(TimeSpan.FromDays(365 * 50));
        Network = new MemoryNetwork(Clock);
        Authority = new TestAuthority(Clock.GetUtcNow());
    }

    internal ManualTimeProvider Clock { get; } = new();

    internal MemoryNetwork Network { get; }

    internal TestAuthority Authority { get; }

    internal TlsClientOptions Trusting => new() { TrustedRoots = [Authority.Root], TargetHost = "localhost" };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Authority.Dispose();
        await Network.DisposeAsync();
    }

    internal TlsServerOptions Serving(string name = "localhost") => new() { Certificate = Authority.Issue(name) };

    internal async Task<ConnectionPair> ConnectAsync(TlsServerOptions? server = null, TlsClientOptions? client = null)
    {
        await using Listener listener = await Network.ListenAsync("tls://127.0.0.1:0", new ListenerOptions { Tls = server ?? Serving() });
        Task<Connection> connecting = Network.ConnectAsync(listener.Address, new ConnectorOptions { Tls = client ?? Trusting }).AsTask();
        Connection accepted = (await listener.AcceptAsync())!;
        try
        {
            await accepted.HandshakeAsync().AsTask().Within();
        }
        catch (ProtocolException)
        {
            // The client says why.
        }

        return new ConnectionPair(await connecting.Within(), accepted);
    }

    /// <summary>A TLS server beside a plain connection to it.</summary>
    internal async Task<(Connection Plain, Connection Accepted)> ConnectPlainAsync()
    {
        await using Listener listener = await Network.ListenAsync("tls://127.0.0.1:0", new ListenerOptions { Tls = Serving() });
        Connection plain = await Network.ConnectAsync($"tcp://127.0.0.1:{listener.Address.Port}");
        return (plain, (await listener.AcceptAsync())!);
    }
}
