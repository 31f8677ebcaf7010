using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;

namespace Sockeye.AspNetCore.Tests;

/// <summary>Kestrel with an application of connections, whose other half is the test.</summary>
public sealed class TlsServer : IAsyncDisposable
{
    private static readonly TlsCertificate Certificate = TlsCertificate.CreateSelfSigned();

    private readonly Channel<(ConnectionContext Connection, TaskCompletionSource Returned)> _accepted = Channel.CreateUnbounded<(ConnectionContext, TaskCompletionSource)>();
    private readonly NetworkFixture _fixture;
    private TestServer _server = null!;

    private TlsServer(NetworkFixture fixture) => _fixture = fixture;

    public static async Task<TlsServer> StartAsync(NetworkFixture fixture, TlsBy by)
    {
        TlsServer started = new(fixture);
        started._server = await TestServer.StartAsync(
            fixture,
            _ => Task.CompletedTask,
            kestrel: kestrel =>
            {
                if (by == TlsBy.Sockeye)
                {
                    kestrel.Listen(Address.Parse("tls://127.0.0.1:0"), listen => listen.Run(started.ServeAsync));
                    return;
                }

                kestrel.Listen(new IPEndPoint(IPAddress.Loopback, 0), listen =>
                {
                    listen.UseHttps(Certificate.Certificate);
                    listen.Run(started.ServeAsync);
                });
            },
            options: options => options.Listener = options.Listener with { LingerTimeout = Hang.Limit, Tls = new TlsServerOptions { Certificate = Certificate } });
        return started;
    }

    /// <summary>Connects.</summary>
    public async Task<TlsPair> PairAsync()
    {
        Connection below = await _fixture.Network.ConnectAsync($"tcp://127.0.0.1:{_server.Address.Port}").AsTask().WaitAsync(Hang.Limit);
        TlsConnection client = TlsConnection.CreateClient(below, new TlsClientOptions { TrustedRoots = [Certificate.Certificate], HandshakeTimeout = Hang.Limit });
        await client.HandshakeAsync().AsTask().WaitAsync(Hang.Limit);
        (ConnectionContext server, TaskCompletionSource returned) = await _accepted.Reader.ReadAsync().AsTask().WaitAsync(Hang.Limit);
        return new TlsPair(client, below, server, returned);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task ServeAsync(ConnectionContext connection)
    {
        TaskCompletionSource returned = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _accepted.Writer.TryWrite((connection, returned));
        return returned.Task;
    }
}
