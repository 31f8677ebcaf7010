using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sockeye.Cli.Tests.Programs;

/// <summary><c>sockeye trace</c> against Python's sockets and this machine's kernel: what the kernel knows, and the segments themselves.</summary>
public sealed class TraceProcessTests : IDisposable
{
    private const string AsNobody = "exec setpriv --reuid=65534 --regid=65534 --clear-groups \"$0\" \"$@\"";

    /// <summary>Serves one connection after the other as it is told: says its port first.</summary>
    private const string Server = """
        import socket, ssl, struct, sys
        kind = sys.argv[1]
        if kind == "udp":
            server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            server.bind(("127.0.0.1", 0))
        elif kind == "full":
            server = socket.socket()
            server.bind(("127.0.0.1", 0))
            server.listen(0)
            waiting = []
            for _ in range(3):
                one = socket.socket()
                one.setblocking(False)
                one.connect_ex(server.getsockname())
                waiting.append(one)
        else:
            server = socket.create_server(("127.0.0.1", 0))
        if kind == "tls":
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(sys.argv[2])
        print(server.getsockname()[1], flush=True)
        if kind in ("udp", "full"):
            sys.stdin.read()
            sys.exit()
        while True:
            client, _ = server.accept()
            try:
                if kind == "echo":
                    while data := client.recv(65536):
                        client.sendall(data)
                elif kind == "first":
                    client.recv(100)
                    client.sendall(b"bye\n")
                    client.shutdown(socket.SHUT_WR)
                    client.recv(100)
                elif kind == "reset":
                    client.recv(100)
                    client.sendall(b"part")
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                elif kind == "alert":
                    client.recv(100)
                    client.sendall(bytes([0x15, 3, 1, 0, 2, 2, 10]))
                elif kind == "http":
                    client.recv(4096)
                    client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                elif kind == "tls":
                    with context.wrap_socket(client, server_side=True) as wrapped:
                        wrapped.sendall(wrapped.recv(100).upper())
                        wrapped.unwrap()
                        continue
            except OSError:
                pass
            client.close()
        """;

    private readonly List<Process> _servers = [];

    public void Dispose()
    {
        foreach (Process server in _servers)
        {
            server.Kill();
            server.WaitForExit();
            server.Dispose();
        }
    }

    [Fact]
    public async Task A_life_with_its_segments_and_what_the_kernel_knew()
    {
        if (!IsRoot)
            Assert.Skip("Only root sees segments.");
        using SockeyeProcess trace = SockeyeProcess.Start("trace", $"tcp4://127.0.0.1:{await ServeAsync("echo")}", "--send", "hello\\n");
        Assert.Equal((ExitCodes.Done, ""), (await trace.EndAsync(), string.Join('\n', trace.Errors.All)));
        Inspect(trace.Output.All,
            "connect    tcp://127.0.0.1:",
            "  ->       SYN seq 0 win [0-9]+ <mss [0-9]+, sackOK, timestamps, wscale [0-9]+>",
            "  <-       SYN ACK seq 0 ack 1 win [0-9]+ <mss ",
            "  ->       ACK seq 1 ack 1 win ",
            @"connected  tcp://127.0.0.1:[0-9]+ from tcp://127.0.0.1:[0-9]+, round trip of the handshake [0-9]+\.[0-9]{3} ms$",
            @"kernel     ESTABLISHED, rtt [0-9.]+ ms \(\+/- [0-9.]+ ms\), mss [0-9]+, cwnd [0-9]+, mtu [0-9]+, retransmits 0$",
            @"sent       6 bytes: hello\\n$",
            "  ->       PSH ACK seq 1 ack 1 win [0-9]+ len 6$",
            "we end     our side");
        Inspect(trace.Output.All, "  ->       FIN ", "  <-       FIN .*ACK ", "  ->       ACK seq 8 ");
        Inspect(trace.Output.All, @"received   6 bytes: hello\\n$", "peer ends  its side", "close      we began: FIN ->, <- ACK, <- FIN, ACK ->; TIME-WAIT stays on this side$", "done       6 bytes sent, 6 bytes received$");
    }

    [Fact]
    public async Task Without_the_right_one_line_says_which_and_all_the_rest_is_there()
    {
        using SockeyeProcess trace = IsRoot
            ? SockeyeProcess.StartInShell(AsNobody, "trace", $"tcp://127.0.0.1:{await ServeAsync("echo")}", "--send", "hello\\n")
            : SockeyeProcess.Start("trace", $"tcp://127.0.0.1:{await ServeAsync("echo")}", "--send", "hello\\n");
        Assert.Equal((ExitCodes.Done, ""), (await trace.EndAsync(), string.Join('\n', trace.Errors.All)));
        Assert.DoesNotContain(trace.Output.All, line => line.Contains(" SYN ", StringComparison.Ordinal));
        Inspect(trace.Output.All,
            "connect    ",
            "note       the segments themselves are not shown: cannot capture packets: it needs the capability CAP_NET_RAW; run it as root",
            "connected  ", "kernel     ESTABLISHED, rtt ", "sent       6 bytes", "we end     ", "received   6 bytes", "peer ends  ", "close      we began", "done       ");
    }

    [Fact]
    public async Task The_peer_closes_first()
    {
        using SockeyeProcess trace = SockeyeProcess.Start("trace", $"tcp://127.0.0.1:{await ServeAsync("first")}", "--send", "x", "--let-peer-end", "--no-capture");
        Assert.Equal(ExitCodes.Done, await trace.EndAsync());
        Inspect(trace.Output.All, @"received   4 bytes: bye\\n$", "peer ends  ", "we end     ", "close      the peer began: <- FIN, ACK ->, FIN ->, <- ACK; TIME-WAIT stays on the peer's side$");
        Inspect(trace.Output.All, "kernel     CLOSE-WAIT", "we end     ", "kernel     CLOSED");
    }

    [Fact]
    public async Task A_reset_in_mid_stream()
    {
        int port = await ServeAsync("reset");
        using SockeyeProcess trace = SockeyeProcess.Start("trace", $"tcp://127.0.0.1:{port}", "--send", "x", "--let-peer-end");
        Assert.Equal(ExitCodes.Reset, await trace.EndAsync());
        Inspect(trace.Output.All, "received   4 bytes: part$", "reset      by the peer", "failed     ");
        Assert.Equal($"sockeye: tcp://127.0.0.1:{port} reset the connection, and what was on its way is lost", Assert.Single(trace.Errors.All));
        if (IsRoot)
            Assert.Contains(trace.Output.All, line => line.Contains("<-       RST ACK ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_IPv4_server_is_named_to_who_comes_by_IPv6()
    {
        int port = await ServeAsync("echo");
        using SockeyeProcess trace = SockeyeProcess.Start("trace", $"tcp://[::1]:{port}");
        Assert.Equal(ExitCodes.NetworkFailed, await trace.EndAsync());
        Inspect(trace.Output.All, @"connect    tcp://\[::1\]:", @"refused    tcp://\[::1\]:[0-9]+: refused: nothing listens there", "failed     ");
        Assert.EndsWith($"tcp://127.0.0.1:{port} listens: that server is IPv4 only, use that address", Assert.Single(trace.Errors.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_name_each_address_has_its_own_reason()
    {
        using SockeyeProcess trace = SockeyeProcess.Start("trace", $"tcp://localhost:{await ServeAsync("udp")}", "--no-capture");
        Assert.Equal(ExitCodes.NetworkFailed, await trace.EndAsync());
        Inspect(trace.Output.All, "resolve    localhost -> ::1, 127.0.0.1 ", @"refused    tcp://\[::1\]:", "refused    tcp://127.0.0.1:", "failed     ");
        Assert.Contains("use udp://", Assert.Single(trace.Errors.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_is_no_refusal()
    {
        int port = await ServeAsync("full");
        using SockeyeProcess trace = SockeyeProcess.Start("trace", $"tcp://127.0.0.1:{port}", "--timeout", "2500ms");
        Assert.Equal(ExitCodes.TimedOut, await trace.EndAsync());
        Inspect(trace.Output.All, "connect    ", "kernel     SYN-SENT, retransmits 1$", "given up   tcp://127.0.0.1:", "failed     no answer from ");
        Assert.Contains("the host is down, or a firewall drops what is sent to it", Assert.Single(trace.Errors.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TLS_that_can_be_trusted_and_TLS_that_cannot()
    {
        string certificate = MakeCertificate();
        int port = await ServeAsync("tls", certificate);
        using SockeyeProcess trusted = SockeyeProcess.Start("trace", $"tls://localhost:{port}", "--send", "hello\\n", "--ca", certificate);
        Assert.Equal((ExitCodes.Done, ""), (await trusted.EndAsync(), string.Join('\n', trusted.Errors.All)));
        Inspect(trusted.Output.All, "sent       [0-9]+ bytes, TLS ClientHello$", "received   [0-9]+ bytes, TLS ServerHello", "tls        version Tls13, cipher TLS_", @"encrypt    6 bytes: hello\\n$", @"decrypt    6 bytes: HELLO\\n$", "done       6 bytes sent, 6 bytes received$");

        using SockeyeProcess refused = SockeyeProcess.Start("trace", $"tls://localhost:{port}", "--no-capture");
        Assert.Equal(ExitCodes.Trust, await refused.EndAsync());
        Inspect(refused.Output.All, "connected  ", "sent       [0-9]+ bytes, TLS ClientHello$", "failed     cannot trust tls://localhost:");
        Assert.Contains("its certificate is self-signed", Assert.Single(refused.Errors.All), StringComparison.Ordinal);
        File.Delete(certificate);
    }

    [Fact]
    public async Task TLS_to_a_port_that_speaks_something_else()
    {
        using SockeyeProcess trace = SockeyeProcess.Start("trace", $"tls://127.0.0.1:{await ServeAsync("http")}", "--no-capture");
        Assert.Equal(ExitCodes.Trust, await trace.EndAsync());
        Assert.Contains("it answered with an HTTP answer: \"HTTP/1.1 400 Bad Request\"; the port is not TLS: try tcp://", Assert.Single(trace.Errors.All), StringComparison.Ordinal);
        Assert.StartsWith("failed     cannot speak TLS with ", trace.Output.All[^1][12..], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trace", ExitCodes.NetworkFailed)]
    [InlineData("connect", ExitCodes.NetworkFailed)]
    public async Task A_plain_connection_to_a_TLS_port(string verb, int code)
    {
        int port = await ServeAsync("alert");
        using SockeyeProcess program = verb == "trace"
            ? SockeyeProcess.Start(verb, $"tcp://127.0.0.1:{port}", "--send", "hello\\n", "--no-capture")
            : SockeyeProcess.StartInShell("echo hello | \"$0\" \"$@\"", verb, $"tcp://127.0.0.1:{port}");
        Assert.Equal(code, await program.EndAsync());
        Assert.EndsWith($"tcp://127.0.0.1:{port} answered with a TLS alert (unexpected message): that port speaks TLS; try tls://127.0.0.1:{port}", Assert.Single(program.Errors.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_UDP_port_that_nobody_has_says_so()
    {
        int port = await ServeAsync("udp");
        Dispose();
        _servers.Clear();
        using SockeyeProcess trace = SockeyeProcess.Start("trace", $"udp://127.0.0.1:{port}", "--send", "x");
        Assert.Equal(ExitCodes.NetworkFailed, await trace.EndAsync());
        Inspect(trace.Output.All, "connected  udp://127.0.0.1:", "sent       1 byte: x$", "failed     .*ICMP \"port unreachable\"");
        if (!trace.Output.All.Any(line => line.Contains("the segments themselves are not shown", StringComparison.Ordinal)))
            Assert.Single(trace.Output.All, line => line.EndsWith("  <-       ICMP from 127.0.0.1: the port is not open", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Interrupted_it_shows_what_it_has()
    {
        using SockeyeProcess trace = SockeyeProcess.StartThrough(
            ["env", "--default-signal=INT"], "trace", $"tcp://127.0.0.1:{await ServeAsync("echo")}", "--send", "x", "--let-peer-end", "--wait", "1h", "--no-capture");
        await trace.Output.FindAsync("received   1 byte: x");
        trace.Signal(SockeyeProcess.Interrupt);
        Assert.Equal(ExitCodes.Interrupted, await trace.EndAsync());
        Assert.Equal("sockeye: interrupted", Assert.Single(trace.Errors.All));
    }

    [Fact]
    public async Task Json_is_one_object_a_line()
    {
        using SockeyeProcess trace = SockeyeProcess.Start("trace", $"tcp://127.0.0.1:{await ServeAsync("echo")}", "--send", "hello\\n", "--no-capture", "--json");
        Assert.Equal((ExitCodes.Done, ""), (await trace.EndAsync(), string.Join('\n', trace.Errors.All)));
        JsonElement[] steps = [.. trace.Output.All.Select(line => JsonDocument.Parse(line).RootElement)];
        string[] events = [.. steps.Select(step => step.GetProperty("event").GetString()!)];
        Assert.Equal(["connecting", "connected", "kernel"], events[..3]);
        Assert.Equal(["closed", "done"], events[^2..]);
        Assert.Equal("us", steps[^2].GetProperty("reason").GetString());
        Assert.Equal("hello\n", steps[Array.IndexOf(events, "received")].GetProperty("text").GetString());
        Assert.True(steps[1].GetProperty("rtt").GetDouble() > 0);
    }

    [Theory]
    [InlineData("after a backslash comes n, r, t, 0, a backslash, or x and two hexadecimal digits", "tcp://127.0.0.1:1", "--send", "\\q")]
    [InlineData("--send and --send-file exclude each other", "tcp://127.0.0.1:1", "--send", "x", "--send-file", "/dev/null")]
    [InlineData("--send-file cannot be \"/nowhere/file\"", "tcp://127.0.0.1:1", "--send-file", "/nowhere/file")]
    [InlineData("cannot be traced", "icmp://127.0.0.1")]
    public async Task Wrong_usage_is_said(string problem, params string[] arguments)
    {
        using SockeyeProcess trace = SockeyeProcess.Start(["trace", .. arguments]);
        Assert.Equal(ExitCodes.WrongUsage, await trace.EndAsync());
        Assert.Contains(problem, Assert.Single(trace.Errors.All), StringComparison.Ordinal);
        Assert.Empty(trace.Output.All);
    }

    private static bool IsRoot => Environment.UserName == "root";

    /// <summary>The lines match the patterns, in that order; others may be between.</summary>
    private static void Inspect(string[] lines, params string[] patterns)
    {
        int at = 0;
        foreach (string pattern in patterns)
        {
            at = Array.FindIndex(lines, at, line => Regex.IsMatch(line, @"^ *[0-9]+\.[0-9]{3}  " + pattern)) + 1;
            Assert.True(at > 0, $"No line in its place is\n{pattern}\nin\n{string.Join('\n', lines)}");
        }
    }

    private static string MakeCertificate()
    {
        string path = Path.GetTempFileName();
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(path, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
        return path;
    }

    private async Task<int> ServeAsync(params string[] arguments)
    {
        ProcessStartInfo start = new("python3", ["-c", Server, .. arguments]) { RedirectStandardOutput = true, RedirectStandardInput = true };
        Process server = Process.Start(start)!;
        _servers.Add(server);
        string line = await server.StandardOutput.ReadLineAsync().WaitAsync(Lines.Patience) ?? throw new InvalidOperationException("The server said no port.");
        return int.Parse(line, CultureInfo.InvariantCulture);
    }
}
