// What every connection keeps to, over TLS.
namespace Sockeye.Tests.Conformance.Tls;

public sealed class ConnectionsReading() : ConnectionReadingConformance(new TlsFixture());

public sealed class ConnectionsWriting() : ConnectionWritingConformance(new TlsFixture());

public sealed class ConnectionsClosing() : ConnectionClosingConformance(new TlsFixture());

/// <summary>TLS over the network in memory: certificates of the same clock.</summary>
public sealed class TlsFixture : MemoryFixture
{
    public override Feature Features => base.Features & ~Feature.Detaching;

    public override async ValueTask<ConnectionPair> ConnectionsAsync(StreamKind kind = StreamKind.Tcp4, StreamOptions? options = null)
    {
        TlsCertificate certificate = TlsCertificate.CreateSelfSigned(["localhost"], Time);
        ConnectionPair below = await base.ConnectionsAsync(kind, options);
        TlsConnection client = TlsConnection.CreateClient(below.Client, new TlsClientOptions { Pins = [certificate.Fingerprint] }, options);
        TlsConnection server = TlsConnection.CreateServer(below.Server, new TlsServerOptions { Certificate = certificate }, options);
        await Task.WhenAll(client.HandshakeAsync().AsTask(), server.HandshakeAsync().AsTask());
        return new ConnectionPair(client, server);
    }
}
