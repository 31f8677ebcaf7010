using System.Net;
using System.Text.RegularExpressions;
using Sockeye.Cli.Tracing;

namespace Sockeye.Cli.Tests.Tracing;

/// <summary>The timeline over the network in memory: all but what a kernel knows.</summary>
public sealed class TraceProgramTests : IAsyncDisposable
{
    private readonly MemoryNetwork _network = new();
    private readonly Lines _lines = new();

    public async ValueTask DisposeAsync()
    {
        await _network.DisposeAsync();
        await _lines.DisposeAsync();
    }

    [Fact]
    public async Task A_life_has_its_steps_in_order()
    {
        _network.AddName("server.example", IPAddress.IPv6Loopback, IPAddress.Loopback);
        await using Listener listener = await _network.ListenAsync("tcp://127.0.0.1:80");
        Task serving = AnswerAsync(listener, async connection =>
        {
            await connection.AsStream().CopyToAsync(Stream.Null);
            await connection.WriteAsync("good\tbye"u8.ToArray());
        });
        Assert.Equal(ExitCodes.Done, await TraceAsync("tcp://server.example:80", new TraceSettings { Payload = "hello\n"u8.ToArray() }));
        await serving;
        Assert.Equal(
            [
                "resolve    server.example -> ::1, 127.0.0.1 (TIME ms)",
                "connect    tcp://[::1]:80",
                "refused    tcp://[::1]:80: refused: nothing listens there",
                "connect    tcp://127.0.0.1:80",
                "connected  tcp://127.0.0.1:80 from tcp://127.0.0.1:PORT in TIME ms",
                "sent       6 bytes: hello\\n",
                "we end     our side: we send no more",
                "received   8 bytes: good\\tbye",
                "peer ends  its side: it sends no more",
                "close      both have ended, too close to each other to tell who began: the segments would say it",
                "done       6 bytes sent, 8 bytes received",
            ],
            Steps());
    }

    [Fact]
    public async Task A_peer_may_be_let_end_first()
    {
        await using Listener listener = await _network.ListenAsync("tcp://127.0.0.1:80");
        Task serving = AnswerAsync(listener, _ => ValueTask.CompletedTask);
        Assert.Equal(ExitCodes.Done, await TraceAsync("tcp://127.0.0.1:80", new TraceSettings { LetsPeerEnd = true }));
        await serving;
        Assert.Equal(["peer ends", "we end   "], Steps().Where(step => step.Contains("end", StringComparison.Ordinal) && step.Contains("side:", StringComparison.Ordinal)).Select(step => step[..9]));
        Assert.Contains("close      the peer began: <- FIN, ACK ->, FIN ->, <- ACK; TIME-WAIT stays on the peer's side", Steps());
    }

    [Fact]
    public async Task Silence_ends_it()
    {
        await using Listener listener = await _network.ListenAsync("tcp://127.0.0.1:80");
        Assert.Equal(ExitCodes.Done, await TraceAsync("tcp://127.0.0.1:80", new TraceSettings { Wait = TimeSpan.FromMilliseconds(20) }));
        Assert.Contains("note       nothing came for 20ms (--wait): closed here", Steps());
        Assert.Contains(Steps(), step => step.StartsWith("close      we began", StringComparison.Ordinal) && step.Contains("two steps of four", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reset_in_mid_stream_is_the_end_with_its_own_code()
    {
        await using Listener listener = await _network.ListenAsync("tcp://127.0.0.1:80");
        Task serving = AnswerAsync(listener, async connection =>
        {
            await connection.WriteAsync("part"u8.ToArray());
            connection.Abort();
        });
        ProgramException error = await Assert.ThrowsAsync<ProgramException>(() => TraceAsync("tcp://127.0.0.1:80", new TraceSettings { LetsPeerEnd = true }));
        await serving;
        Assert.Equal((ExitCodes.Reset, "tcp://127.0.0.1:80 reset the connection, and what was on its way is lost"), (error.ExitCode, error.Message));
        Assert.Equal(["reset      by the peer: the connection is gone, and what was on its way", $"failed     {error.Message}"], Steps()[^2..]);
    }

    [Fact]
    public async Task Silence_to_a_connect_has_its_causes()
    {
        using IDisposable silence = _network.Conditions.Drop(new IPEndPoint(IPAddress.Loopback, 80));
        ProgramException error = await Assert.ThrowsAsync<ProgramException>(() => TraceAsync("tcp://127.0.0.1:80", new TraceSettings { Timeout = TimeSpan.FromMilliseconds(30) }));
        Assert.Equal(ExitCodes.TimedOut, error.ExitCode);
        Assert.StartsWith("no answer from tcp://127.0.0.1:80 within 30ms (--timeout): the host is down, or a firewall drops", error.Message, StringComparison.Ordinal);
        Assert.Contains(Steps(), step => step.StartsWith("given up   tcp://127.0.0.1:80: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Silence_to_a_TLS_handshake_has_another()
    {
        await using Listener listener = await _network.ListenAsync("tcp://127.0.0.1:80");
        ProgramException error = await Assert.ThrowsAsync<ProgramException>(() => TraceAsync("tls://127.0.0.1:80", new TraceSettings { Timeout = TimeSpan.FromMilliseconds(200) }));
        Assert.Equal((ExitCodes.TimedOut, "tls://127.0.0.1:80 took the connection and then said nothing within 200ms (--timeout): it may not speak TLS; try tcp://"), (error.ExitCode, error.Message));
        Assert.Contains(Steps(), step => Regex.IsMatch(step, "^sent       [0-9]+ bytes, TLS ClientHello$"));
    }

    [Fact]
    public async Task TLS_has_its_parameters_and_what_is_encrypted()
    {
        TlsCertificate certificate = TlsCertificate.CreateSelfSigned(["localhost"]);
        await using Listener listener = await _network.ListenAsync("tls://127.0.0.1:443", new ListenerOptions { Tls = new TlsServerOptions { Certificate = certificate } });
        Task serving = AnswerAsync(listener, async connection => await connection.AsStream().CopyToAsync(connection.AsStream()));
        TraceSettings settings = new() { Payload = "hello\n"u8.ToArray(), Tls = new TlsClientOptions { Pins = [certificate.Fingerprint] } };
        Assert.Equal(ExitCodes.Done, await TraceAsync("tls://127.0.0.1:443", settings));
        await serving;
        string handshake = Assert.Single(Steps(), step => step.StartsWith("tls  ", StringComparison.Ordinal));
        Assert.Matches("version Tls1[23], cipher TLS_[A-Z0-9_]+, alpn none, serverName 127.0.0.1, subject CN=localhost, .*sha256 [0-9A-F]{64}, in ", handshake);
        string[] steps = Steps();
        Assert.Contains("encrypt    6 bytes: hello\\n", steps);
        Assert.Contains("decrypt    6 bytes: hello\\n", steps);
        Assert.Contains("decrypt    close_notify: the peer's end in order", steps);
        Assert.True(Array.IndexOf(steps, handshake) < Array.IndexOf(steps, "encrypt    6 bytes: hello\\n"));
        Assert.Equal("done       6 bytes sent, 6 bytes received", steps[^1]);
    }

    [Fact]
    public async Task A_plain_connection_to_a_TLS_port_is_recognised()
    {
        await using Listener listener = await _network.ListenAsync("tls://127.0.0.1:443", new ListenerOptions { Tls = new TlsServerOptions { Certificate = TlsCertificate.CreateSelfSigned(["localhost"]) } });
        Task serving = AnswerAsync(listener, async connection =>
            await Assert.ThrowsAnyAsync<ProtocolException>(() => connection.HandshakeAsync().AsTask()));
        ProgramException error = await Assert.ThrowsAsync<ProgramException>(() => TraceAsync("tcp://127.0.0.1:443", new TraceSettings { Payload = "GET / HTTP/1.0\r\n\r\n"u8.ToArray() }));
        await serving;
        Assert.Equal("tcp://127.0.0.1:443 answered with a TLS alert (unexpected message): that port speaks TLS; try tls://127.0.0.1:443", error.Message);
        Assert.Equal($"failed     {error.Message}", Steps()[^1]);
    }

    [Fact]
    public async Task A_WebSocket_shows_its_upgrade()
    {
        await using Listener listener = await _network.ListenAsync("ws://127.0.0.1:80/chat");
        Task serving = AnswerAsync(listener, async connection => await connection.AsStream().CopyToAsync(connection.AsStream()));
        Assert.Equal(ExitCodes.Done, await TraceAsync("ws://127.0.0.1:80/chat", new TraceSettings { Payload = "hello"u8.ToArray() }));
        await serving;
        Assert.Contains(Steps(), step => step.Contains("GET /chat HTTP/1.1\\r\\n", StringComparison.Ordinal));
        Assert.Contains(Steps(), step => step.Contains("HTTP/1.1 101", StringComparison.Ordinal));
        Assert.Contains(Steps(), step => step.StartsWith("websocket  path /chat, subprotocol none, compressed ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_datagram_is_answered_or_not()
    {
        await using DatagramSocket server = await _network.OpenDatagramAsync("udp://127.0.0.1:53");
        Task serving = AnswerOnceAsync(server);
        Assert.Equal(ExitCodes.Done, await TraceAsync("udp://127.0.0.1:53", new TraceSettings { Payload = "who"u8.ToArray(), Wait = TimeSpan.FromMilliseconds(100) }));
        await serving;
        Assert.Equal(["sent       3 bytes: who", "received   2 bytes: me", "done       3 bytes sent, 2 bytes received"], Steps()[^3..]);

        Assert.Equal(ExitCodes.Done, await TraceAsync("udp://127.0.0.1:53", new TraceSettings { Payload = "who"u8.ToArray(), Wait = TimeSpan.FromMilliseconds(10) }));
        Assert.StartsWith("note       no answer within 10ms (--wait)", Steps()[^2], StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, await TraceAsync("udp://127.0.0.1:53", new TraceSettings()));
        Assert.Equal("note       UDP has no handshake: nothing crosses the network before --send", Steps()[^2]);
    }

    [Fact]
    public async Task A_datagram_on_a_Unix_socket_is_answered_or_not()
    {
        await using DatagramSocket server = await _network.OpenDatagramAsync("unix-dgram:///run/who.sock");
        TraceSettings settings = new() { Payload = "who"u8.ToArray(), Wait = TimeSpan.FromHours(1) };
        using CancellationTokenSource answered = new();
        Task<int> tracing = TraceAsync("unix-dgram:///run/who.sock", settings, answered.Token);
        byte[] buffer = new byte[100];
        ReceivedDatagram request = await server.ReceiveAsync(buffer).AsTask().WaitAsync(Lines.Patience);
        Assert.Equal("who"u8.ToArray(), request.Bytes.ToArray());
        await server.SendAsync("me"u8.ToArray(), request.From);
        await _lines.FindAsync("received   2 bytes: me");
        await answered.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tracing);
        Assert.Matches("^connected  unix-dgram:///run/who.sock from abstract:", Steps()[0]);
        Assert.Equal("sent       3 bytes: who", Steps()[1]);

        Assert.Equal(ExitCodes.Done, await TraceAsync("unix-dgram:///run/who.sock", settings with { Wait = TimeSpan.FromMilliseconds(10) }));
        Assert.Equal(["note       no answer within 10ms (--wait): it waits at that socket, or was read and not answered", "done       3 bytes sent, 0 bytes received"], Steps()[^2..]);
        Assert.Equal(ExitCodes.Done, await TraceAsync("unix-dgram:///run/who.sock", new TraceSettings()));
        Assert.Equal("note       datagrams have no handshake: nothing is sent before --send", Steps()[^2]);

        await server.DisposeAsync();
        await Assert.ThrowsAnyAsync<System.Net.Sockets.SocketException>(() => TraceAsync("unix-dgram:///run/who.sock", settings));
        Assert.Contains("nothing listens there", Steps()[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_none_fails_first()
    {
        await Assert.ThrowsAnyAsync<System.Net.Sockets.SocketException>(() => TraceAsync("tcp://nowhere.example:80", new TraceSettings()));
        Assert.StartsWith("failed     cannot resolve nowhere.example: no such name", Assert.Single(Steps()), StringComparison.Ordinal);
    }

    private static async Task AnswerAsync(Listener listener, Func<Connection, ValueTask> handler)
    {
        await using Connection connection = (await listener.AcceptAsync())!;
        await handler(connection);
    }

    private static async Task AnswerOnceAsync(DatagramSocket server)
    {
        byte[] buffer = new byte[100];
        SocketAddress from = new(System.Net.Sockets.AddressFamily.InterNetwork);
        await server.ReceiveAsync(buffer, from);
        await server.SendAsync("me"u8.ToArray(), from);
    }

    private Task<int> TraceAsync(Address address, TraceSettings settings, CancellationToken stop = default) =>
        new TraceProgram(_network, settings, _lines, new TraceText(() => 200)).RunAsync(address, stop).WaitAsync(Lines.Patience, CancellationToken.None);

    /// <summary>The lines without their times, and with what differs from run to run named.</summary>
    private string[] Steps() =>
    [
        .. _lines.All.Select(line => Regex.Replace(Regex.Replace(line[12..], @"[0-9]+\.[0-9]+ ms", "TIME ms"), @"from tcp://127\.0\.0\.1:[0-9]+", "from tcp://127.0.0.1:PORT")),
    ];
}
