using System.Net;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Sockeye.AspNetCore.Tests.Serving;

/// <summary>Kestrel and HttpClient, both on one network.</summary>
public abstract class WebTests(NetworkFixture fixture) : NetworkTests(fixture)
{
    private const int Large = 8 * 1024 * 1024;

    private static readonly TlsCertificate Certificate = TlsCertificate.CreateSelfSigned();

    public static TheoryData<WebProtocol> Protocols => [.. Enum.GetValues<WebProtocol>()];

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task A_request_is_answered_and_both_know_whom_they_talk_to(WebProtocol protocol)
    {
        await using TestServer server = await StartAsync(protocol, async http =>
        {
            Assert.Equal(IPAddress.Loopback, http.Connection.RemoteIpAddress);
            Assert.Equal(http.Request.Host.Port, http.Connection.LocalPort);
            await http.Response.WriteAsync($"{http.Request.Protocol} {http.Request.Scheme} {http.Request.Path}");
        });
        using HttpClient client = Client(server, protocol);

        // On one connection, one after the other.
        for (int i = 0; i < 3; i++)
            Assert.Equal($"{VersionOf(protocol)} {server.Address.Scheme} /hello/{i}", await WithinAsync(client.GetStringAsync($"hello/{i}")));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Large_bodies_pass_whole_both_ways(WebProtocol protocol)
    {
        await using TestServer server = await StartAsync(protocol, async http =>
        {
            using MemoryStream body = new();
            await http.Request.Body.CopyToAsync(body);
            http.Response.ContentLength = body.Length;

            // One write of all: nothing bounds it but the application.
            await http.Response.Body.WriteAsync(body.ToArray());
        });
        using HttpClient client = Client(server, protocol);
        byte[] sent = Pattern(Large);

        HttpResponseMessage response = await WithinAsync(client.PostAsync("", new ByteArrayContent(sent)));

        Assert.Equal(SHA256.HashData(sent), SHA256.HashData(await WithinAsync(response.Content.ReadAsByteArrayAsync())));
    }

    [Theory]
    [InlineData(WebProtocol.Http2)]
    [InlineData(WebProtocol.Https2)]
    public async Task Bodies_stream_both_ways_at_once(WebProtocol protocol)
    {
        await using TestServer server = await StartAsync(protocol, EchoAsync);
        using HttpClient client = Client(server, protocol);
        using PushedContent content = new();
        using HttpRequestMessage request = new(HttpMethod.Post, "") { Content = content, Version = client.DefaultRequestVersion, VersionPolicy = client.DefaultVersionPolicy };

        Task<HttpResponseMessage> sending = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Stream up = await WithinAsync(content.Opened);
        await up.FlushAsync();
        using HttpResponseMessage response = await WithinAsync(sending);
        await using Stream down = await response.Content.ReadAsStreamAsync();
        for (int i = 0; i < 20; i++)
        {
            byte[] piece = Encoding.UTF8.GetBytes($"piece {i}"), answer = new byte[piece.Length];
            await up.WriteAsync(piece);
            await up.FlushAsync();
            await WithinAsync(down.ReadExactlyAsync(answer));
            Assert.Equal(piece, answer);
        }

        content.End();
        Assert.Equal(0, await WithinAsync(down.ReadAsync(new byte[1])));
    }

    /// <summary>HTTP/1.1 can do it too, if not by HttpClient.</summary>
    [Theory]
    [InlineData(WebProtocol.Http1)]
    [InlineData(WebProtocol.Https1)]
    public async Task Chunks_stream_both_ways_at_once(WebProtocol protocol)
    {
        await using TestServer server = await StartAsync(protocol, EchoAsync);
        ConnectorOptions options = new() { Tls = new TlsClientOptions { TrustedRoots = [Certificate.Certificate], HandshakeTimeout = Hang.Limit } };
        string scheme = protocol == WebProtocol.Http1 ? "tcp" : "tls";
        await using Connection connection = await WithinAsync(Network.ConnectAsync($"{scheme}://127.0.0.1:{server.Address.Port}", options));
        await connection.WriteAsync("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray());
        StreamReader answer = new(connection.AsStream());
        while (await WithinAsync(answer.ReadLineAsync()) is { Length: > 0 })
        {
        }

        for (int i = 0; i < 20; i++)
        {
            string piece = $"piece {i}", length = $"{piece.Length:x}";
            await connection.WriteAsync(Encoding.ASCII.GetBytes($"{length}\r\n{piece}\r\n"));
            Assert.Equal(length, await WithinAsync(answer.ReadLineAsync()));
            Assert.Equal(piece, await WithinAsync(answer.ReadLineAsync()));
        }

        await connection.WriteAsync("0\r\n\r\n"u8.ToArray());
        Assert.Equal("0", await WithinAsync(answer.ReadLineAsync()));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Many_requests_at_once_are_not_mixed(WebProtocol protocol)
    {
        await using TestServer server = await StartAsync(protocol, async http =>
        {
            await http.Response.StartAsync();
            await http.Request.Body.CopyToAsync(http.Response.Body);
        });
        using HttpClient client = Client(server, protocol);

        await WithinAsync(Parallel.ForAsync(0, 200, async (index, stop) =>
        {
            byte[] sent = Pattern(100 * index);
            using HttpResponseMessage response = await client.PostAsync("", new ByteArrayContent(sent), stop);
            Assert.Equal(sent, await response.Content.ReadAsByteArrayAsync(stop));
        }));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task A_client_that_leaves_ends_its_request(WebProtocol protocol)
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously), ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestServer server = await StartAsync(protocol, http => UntilAbortedAsync(http, begun, ended));
        using HttpClient client = Client(server, protocol);
        using CancellationTokenSource leave = new();
        Task<HttpResponseMessage> asking = client.PostAsync("", new ByteArrayContent(Pattern(1000)), leave.Token);
        await WithinAsync(begun.Task);
        await leave.CancelAsync();

        await WithinAsync(ended.Task);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WithinAsync(asking));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task A_client_that_stops_reading_makes_the_application_wait(WebProtocol protocol)
    {
        const long Flood = 256 * 1024 * 1024;
        long written = 0;
        TaskCompletionSource waits = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource<byte[]> hash = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestServer server = await StartAsync(protocol, async http =>
        {
            using IncrementalHash sent = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] block = Pattern(64 * 1024);
            Task writing;
            do
            {
                sent.AppendData(block);
                written += block.Length;
                writing = http.Response.Body.WriteAsync(block).AsTask();
            }
            while (writing.IsCompleted && written < Flood);
            waits.SetResult();
            await writing;
            hash.SetResult(sent.GetHashAndReset());
        });
        using HttpClient client = Client(server, protocol);
        using HttpResponseMessage response = await WithinAsync(client.GetAsync("", HttpCompletionOption.ResponseHeadersRead));
        await WithinAsync(waits.Task);
        Assert.True(written < Flood, "the application never has to wait");
        await using Stream body = await response.Content.ReadAsStreamAsync();

        Assert.Equal(Convert.ToHexString(await WithinAsync(SHA256.HashDataAsync(body))), Convert.ToHexString(await WithinAsync(hash.Task)));
    }

    [Theory]
    [InlineData(WebProtocol.Http1)]
    [InlineData(WebProtocol.Http2)]
    [InlineData(WebProtocol.Https1)]
    [InlineData(WebProtocol.Https2)]
    public async Task WebSockets_pass_messages_and_close(WebProtocol protocol)
    {
        await using TestServer server = await StartAsync(protocol, async http =>
        {
            using WebSocket socket = await http.WebSockets.AcceptWebSocketAsync();
            byte[] buffer = new byte[64 * 1024];
            while (true)
            {
                ValueWebSocketReceiveResult received = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close)
                    break;
                await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, CancellationToken.None);
            }

            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", CancellationToken.None);
        });
        using SocketsHttpHandler handler = Handler();
        using HttpMessageInvoker invoker = new(handler);
        using ClientWebSocket socket = new();
        (socket.Options.HttpVersion, socket.Options.HttpVersionPolicy) = (NumberOf(protocol), HttpVersionPolicy.RequestVersionExact);
        Uri address = new UriBuilder(server.Address) { Scheme = server.Address.Scheme == "https" ? "wss" : "ws" }.Uri;
        await WithinAsync(socket.ConnectAsync(address, invoker, CancellationToken.None));
        byte[] answer = new byte[64 * 1024];
        for (int i = 1; i <= 20; i++)
        {
            byte[] message = Pattern(i * 500);
            await WithinAsync(socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None));
            int length = 0;
            ValueWebSocketReceiveResult received;
            do
            {
                received = await WithinAsync(socket.ReceiveAsync(answer.AsMemory(length), CancellationToken.None));
                length += received.Count;
            }
            while (!received.EndOfMessage);
            Assert.Equal(message, answer[..length]);
        }

        await WithinAsync(socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None));
        Assert.Equal("bye", socket.CloseStatusDescription);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Stopping_in_order_lets_a_request_end(WebProtocol protocol)
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously), goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestServer server = await StartAsync(protocol, async http =>
        {
            begun.SetResult();
            await goOn.Task;
            await http.Response.WriteAsync("done");
        });
        using HttpClient client = Client(server, protocol);
        Task<string> asking = client.GetStringAsync("");
        await WithinAsync(begun.Task);
        Task stopping = server.StopAsync();

        // Nobody is let in any more, and who is in is waited for.
        await RefusedAsync(server.Address);
        Assert.False(stopping.IsCompleted);
        goOn.SetResult();
        Assert.Equal("done", await WithinAsync(asking));
        await WithinAsync(stopping);
    }

    [Fact]
    public async Task Stopping_in_order_waits_for_nobody_who_rests()
    {
        await using TestServer server = await TestServer.StartAsync(
            Fixture, http => http.Response.WriteAsync("hello"), options: options => options.Listener = options.Listener with { LingerTimeout = TimeSpan.FromDays(1) });
        using NetworkSocket client = await ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Address.Port));
        await client.SendAllAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        await WithinAsync(client.ReceiveAsync(new byte[1]));

        await WithinAsync(server.StopAsync());

        // It is told so, and has not ended its side.
        Assert.EndsWith("hello\r\n0\r\n\r\n", Encoding.ASCII.GetString(await client.ReceiveToEndAsync()), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Stopping_hard_ends_what_does_not_end(WebProtocol protocol)
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously), aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestServer server = await StartAsync(protocol, http => UntilAbortedAsync(http, begun, aborted));
        using HttpClient client = Client(server, protocol);
        Task<string> asking = client.GetStringAsync("");
        await WithinAsync(begun.Task);
        using CancellationTokenSource hard = new();
        Task stopping = server.StopAsync(hard.Token);
        await hard.CancelAsync();

        await WithinAsync(aborted.Task);
        await WithinAsync(stopping);
        await Assert.ThrowsAsync<HttpRequestException>(() => WithinAsync(asking));
    }

    [Fact]
    public async Task An_application_that_blocks_its_thread_gets_its_body()
    {
        if (Fixture.RunsInline)
            return; // It must not: the body would come on the thread that it blocks.
        await using TestServer server = await StartAsync(WebProtocol.Http1, async http =>
        {
            http.Features.Get<IHttpBodyControlFeature>()!.AllowSynchronousIO = true;
            using StreamReader reader = new(http.Request.Body);
#pragma warning disable CA1849, MA0042 // Blocking is what this is about.
            string text = reader.ReadToEnd();
#pragma warning restore CA1849, MA0042
            await http.Response.WriteAsync(text);
        });
        using HttpClient client = Client(server, WebProtocol.Http1);
        using PushedContent content = new();
        Task<HttpResponseMessage> asking = client.PostAsync("", content);
        Stream up = await WithinAsync(content.Opened);
        for (int i = 0; i < 10; i++)
        {
            await up.WriteAsync("0123456789"u8.ToArray());
            await up.FlushAsync();
        }

        content.End();
        using HttpResponseMessage response = await WithinAsync(asking);
        Assert.Equal(100, (await response.Content.ReadAsStringAsync()).Length);
    }

    [Fact]
    public async Task Requests_in_one_packet_are_answered_in_turn()
    {
        await using TestServer server = await StartAsync(WebProtocol.Http1, async http =>
        {
            using StreamReader reader = new(http.Request.Body);
            await http.Response.WriteAsync($"[{http.Request.Path} {await reader.ReadToEndAsync()}]");
        });
        using NetworkSocket client = await ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Address.Port));
        StringBuilder requests = new();
        for (int i = 0; i < 50; i++)
            requests.Append($"POST /{i} HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n{(i == 49 ? "Connection: close\r\n" : "")}\r\n{100 + i}");
        await client.SendAllAsync(Encoding.ASCII.GetBytes(requests.ToString()));

        string answers = Encoding.ASCII.GetString(await client.ReceiveToEndAsync());

        int position = 0;
        for (int i = 0; i < 50; i++)
            Assert.True((position = answers.IndexOf($"[/{i} {100 + i}]", position, StringComparison.Ordinal)) >= 0, answers);
    }

    [Fact]
    public async Task Localhost_is_both_loopbacks()
    {
        int port = FreePort();
        await using TestServer server = await TestServer.StartAsync(Fixture, http => http.Response.WriteAsync($"{http.Connection.LocalIpAddress}"), kestrel: kestrel => kestrel.ListenLocalhost(port));
        using HttpClient client = new(Handler());

        Assert.Equal("127.0.0.1", await WithinAsync(client.GetStringAsync($"http://127.0.0.1:{port}")));
        Assert.Equal("::1", await WithinAsync(client.GetStringAsync($"http://[::1]:{port}")));
        Assert.NotEmpty(await WithinAsync(client.GetStringAsync($"http://localhost:{port}")));
    }

    [Fact]
    public async Task Any_address_is_every_address()
    {
        await using TestServer server = await TestServer.StartAsync(Fixture, http => http.Response.WriteAsync("here"), kestrel: kestrel => kestrel.ListenAnyIP(0));
        using HttpClient client = new(Handler());

        Assert.Equal("here", await WithinAsync(client.GetStringAsync($"http://127.0.0.1:{server.Address.Port}")));
        Assert.Equal("here", await WithinAsync(client.GetStringAsync($"http://[::1]:{server.Address.Port}")));
    }

    [Fact]
    public async Task Unix_sockets_carry_HTTP()
    {
        string path = Fixture.NewPath().ToString();
        await using TestServer server = await TestServer.StartAsync(Fixture, http => http.Response.WriteAsync($"{http.Request.Host}{http.Request.Path}"), kestrel: kestrel => kestrel.ListenUnixSocket(path));
        using HttpClient client = new(Network.CreateHttpHandler(new HttpHandlerOptions { Target = Address.Parse($"unix://{path}") }));

        Assert.Equal("any.name/path", await WithinAsync(client.GetStringAsync("http://any.name/path")));
    }

    [Fact]
    public async Task A_port_in_use_stops_the_start_with_the_reason()
    {
        await using TestServer first = await StartAsync(WebProtocol.Http1, _ => Task.CompletedTask);

        IOException e = await Assert.ThrowsAsync<IOException>(() => TestServer.StartAsync(Fixture, _ => Task.CompletedTask, kestrel: kestrel => kestrel.Listen(IPAddress.Loopback, first.Address.Port)));

        Assert.IsType<AddressInUseException>(e.InnerException);
    }

    [Fact]
    public async Task The_name_asked_for_chooses_the_certificate_and_the_client_shows_its_own()
    {
        using TlsCertificate one = TlsCertificate.CreateSelfSigned(["one.test"]), two = TlsCertificate.CreateSelfSigned(["two.test"]);
        await using TestServer server = await TestServer.StartAsync(
            Fixture,
            http => http.Response.WriteAsync($"{http.Features.Get<ITlsHandshakeFeature>()!.HostName} {http.Connection.ClientCertificate?.Thumbprint}"),
            listen => listen.UseHttps(https =>
            {
                https.ServerCertificateSelector = (_, name) => (name == "one.test" ? one : two).Certificate;
                https.ClientCertificateMode = Microsoft.AspNetCore.Server.Kestrel.Https.ClientCertificateMode.RequireCertificate;
                https.AllowAnyClientCertificate();
            }));
        foreach ((string name, TlsCertificate certificate) in new[] { ("one.test", one), ("two.test", two) })
        {
            string? shown = null;
            using SocketsHttpHandler handler = Network.CreateHttpHandler(new HttpHandlerOptions { Target = Address.Parse($"tcp://127.0.0.1:{server.Address.Port}") });
            handler.SslOptions.ClientCertificates = [certificate.Certificate];
            handler.SslOptions.RemoteCertificateValidationCallback = (_, theirs, _, _) => (shown = theirs!.GetCertHashString()) is not null;
            using HttpClient client = new(handler);

            Assert.Equal($"{name} {certificate.Certificate.Thumbprint}", await WithinAsync(client.GetStringAsync($"https://{name}/")));
            Assert.Equal(certificate.Certificate.Thumbprint, shown);
        }
    }

    /// <summary>Nobody reads here: only the transport can notice that the client has left.</summary>
    private static async Task UntilAbortedAsync(HttpContext http, TaskCompletionSource begun, TaskCompletionSource aborted)
    {
        await using (http.RequestAborted.Register(aborted.SetResult))
        {
            begun.SetResult();
            await WithinAsync(aborted.Task);
        }
    }

    /// <summary>Answers each piece of the body as it comes.</summary>
    private static async Task EchoAsync(HttpContext http)
    {
        await http.Response.StartAsync();
        await http.Response.Body.FlushAsync();
        byte[] buffer = new byte[1024];
        while (await http.Request.Body.ReadAsync(buffer) is > 0 and int count)
        {
            await http.Response.Body.WriteAsync(buffer.AsMemory(0, count));
            await http.Response.Body.FlushAsync();
        }
    }

    private static string VersionOf(WebProtocol protocol) => protocol is WebProtocol.Http1 or WebProtocol.Https1 ? "HTTP/1.1" : "HTTP/2";

    private static Version NumberOf(WebProtocol protocol) => protocol is WebProtocol.Http1 or WebProtocol.Https1 ? HttpVersion.Version11 : HttpVersion.Version20;

    private Task<TestServer> StartAsync(WebProtocol protocol, RequestDelegate answer) => TestServer.StartAsync(Fixture, answer, listen =>
    {
        listen.Protocols = protocol is WebProtocol.Http1 or WebProtocol.Https1 ? HttpProtocols.Http1 : HttpProtocols.Http2;
        if (protocol is WebProtocol.Https1 or WebProtocol.Https2)
            listen.UseHttps(Certificate.Certificate);
    });

    private SocketsHttpHandler Handler()
    {
        SocketsHttpHandler handler = Network.CreateHttpHandler();
        handler.SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.GetCertHashString() == Certificate.Certificate.Thumbprint,
        };
        return handler;
    }

    private HttpClient Client(TestServer server, WebProtocol protocol) => new(Handler())
    {
        BaseAddress = server.Address,
        Timeout = Hang.Limit,
        DefaultRequestVersion = NumberOf(protocol),
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private async Task RefusedAsync(Uri address)
    {
        while (true)
        {
            try
            {
                using NetworkSocket socket = await ConnectAsync(new IPEndPoint(IPAddress.Loopback, address.Port));
                await Task.Yield();
            }
            catch (System.Net.Sockets.SocketException e) when (e.SocketErrorCode == System.Net.Sockets.SocketError.ConnectionRefused)
            {
                return;
            }
        }
    }

    /// <summary>Kestrel wants one for both of localhost's addresses.</summary>
    private int FreePort()
    {
        using NetworkSocket socket = Network.CreateSocket(System.Net.Sockets.AddressFamily.InterNetworkV6, System.Net.Sockets.SocketType.Stream);
        socket.DualMode = true;
        socket.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
