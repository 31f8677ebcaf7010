using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Sockeye.AspNetCore.Tests;

/// <summary>Kestrel's own transport, which says what is right: a test that it fails is wrong.</summary>
public sealed class StockFixture : NetworkFixture
{
    public override Network Network => Network.Host;

    public override bool HasSockets => true;

    public override bool IsStock => true;

    public override IConnectionListenerFactory CreateTransport(Action<SockeyeTransportOptions>? configure = null) =>
        new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);

    public override IWebHostBuilder Use(IWebHostBuilder builder, Action<SockeyeTransportOptions>? configure = null) => builder;
}
