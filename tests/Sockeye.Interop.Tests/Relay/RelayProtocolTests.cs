using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Relay;

/// <summary><c>sockeye relay</c> and <c>serve</c> with TLS, WebSocket and PROXY headers, between programs that nobody here wrote.</summary>
public sealed class RelayProtocolTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly string _authority;
    private readonly string _pem;

    public RelayProtocolTests()
    {
        using TlsCertificate certificate = TlsCertificate.CreateSelfSigned(["localhost", "127.0.0.1"]);
        using ECDsa key = certificate.Certificate.GetECDsaPrivateKey()!;
        _authority = _folder.PathOf("authority.pem");
        _pem = _folder.PathOf("server.pem");
        File.WriteAllText(_authority, certificate.ExportPem());
        File.WriteAllText(_pem, certificate.ExportPem() + key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>OpenSSL's client, TLS taken off, put on again, OpenSSL's server, which reverses lines.</summary>
    [Fact]
    public async Task TLS_is_taken_off_and_put_on()
    {
        await using Peer server = Programs.OpenSsl("s_server", "-accept", "127.0.0.1:0", "-cert", _pem, "-key", _pem, "-rev");
        string port = (await server.LineAfterAsync("ACCEPT 127.0.0.1:")).Trim();
        await using ServingPeer puts = await ServingPeer.RelayAsync(ServingPeer.AnyPort, $"tls://127.0.0.1:{port}", "--target-ca", _authority);
        await using ServingPeer takes = await ServingPeer.RelayAsync("tls://127.0.0.1:0", puts.Address, "--cert", _pem);
        await using Peer client = Programs.OpenSsl(
            "s_client", "-connect", $"127.0.0.1:{takes.Address.Port}", "-CAfile", _authority, "-verify_return_error", "-servername", "localhost", "-quiet");
        await client.TypeAsync("hello");

        await client.SaysAsync("olleh");
    }

    [Fact]
    public async Task A_target_that_is_not_trusted_is_told_and_learned_as_a_reset()
    {
        await using ServingPeer server = await ServingPeer.UpperAsync("tls://127.0.0.1:0", "--self-signed");
        await using ServingPeer relay = await ServingPeer.RelayAsync(ServingPeer.AnyPort, server.Address);
        await using Peer client = relay.Client("hello");

        await client.EndAsync();
        Assert.Matches("and (ConnectionResetError|BrokenPipeError)\n$", client.Output);
        await relay.Peer.SaysOnErrorsAsync("left (target-tls)");
    }

    [Fact]
    public async Task Who_speaks_no_TLS_is_told_as_refused()
    {
        await using ServingPeer relay = await ServingPeer.RelayAsync("tls://127.0.0.1:0", "tcp://127.0.0.1:1", "--cert", _pem);
        await using Peer client = relay.Client("GET / HTTP/1.0\r\n\r\n");

        await client.EndAsync();
        await relay.Peer.SaysOnErrorsAsync("refused by tls://127.0.0.1:");
    }

    [Fact]
    public async Task Ends_cuts_and_resets_of_TLS_arrive_as_what_they_are()
    {
        await using Peer ends = Programs.Python("relay_tls.py", _authority);
        Address target = await ends.PythonAddressAsync("tcp");
        await using ServingPeer relay = await ServingPeer.RelayAsync("tls://127.0.0.1:0", target, "--cert", _pem);
        await ends.TypeAsync(string.Join(' ', relay.Address.HostAndPort()));

        Assert.Equal(0, await ends.EndAsync());
        Assert.Equal(
            """
            server half-closes: greeting|FIN
            and hears: a late word|FIN
            client is cut: |RST
            client resets: |RST
            server resets: |RST

            """,
            ends.Output[(ends.Output.IndexOf('\n') + 1)..]);
        await relay.Peer.SaysOnErrorsAsync("left (cut)");
    }

    [Fact]
    public async Task A_WebSocket_client_reaches_a_stream_and_its_Close_is_an_end()
    {
        await using ServingPeer server = await ServingPeer.UpperAsync();
        await using ServingPeer relay = await ServingPeer.RelayAsync("ws://127.0.0.1:0", server.Address);
        await using Peer client = Programs.PythonWith("websockets", "ws_relayed.py", $"{relay.Address}");

        Assert.Equal(0, await client.EndAsync());
        Assert.Equal("heard HELLO\nheard 你好 AGAIN\nclosed 1000\n", client.Output);
        await relay.Peer.SaysOnErrorsAsync("left (ended)");
    }

    /// <summary>Netcat, WebSocket over TLS put on, and both taken off again.</summary>
    [Fact]
    public async Task A_stream_goes_through_WebSocket_over_TLS_and_ends_in_both_directions()
    {
        await using ServingPeer server = await ServingPeer.UpperAsync();
        await using ServingPeer takes = await ServingPeer.RelayAsync("wss://localhost:0", server.Address, "--cert", _pem);
        await using ServingPeer puts = await ServingPeer.RelayAsync(ServingPeer.AnyPort, $"wss://localhost:{takes.Address.Port}", "--target-ca", _authority);
        await using Peer netcat = Programs.Netcat(["-N", .. puts.Address.HostAndPort()]);
        await netcat.WriteAsync("abc 你好");
        netcat.EndInput();

        Assert.Equal(0, await netcat.EndAsync());
        Assert.Equal("ABC 你好", netcat.Output);
    }

    /// <summary>HAProxy sends the header in front of its TLS.</summary>
    [Fact]
    public async Task HAProxys_header_comes_before_TLS_and_names_the_client()
    {
        await using ServingPeer server = await ServingPeer.UpperAsync("tls://127.0.0.1:0?proxy=v2", "--cert", _pem, "--limit-per-address", "1");
        await using ServingPeer haproxy = await ServingPeer.HaproxyAsync(_folder, server.Address, "send-proxy-v2 ssl verify none");
        await using ServingPeer front = await ServingPeer.RelayAsync(ServingPeer.AnyPort, $"{haproxy.Address}?proxy=v2");
        await using Peer client = front.Client("你好 hello");

        Assert.Equal(0, await client.EndAsync());
        string who = client.Output["I am ".Length..client.Output.IndexOf('\n')];
        Assert.EndsWith("heard 你好 HELLO and the end\n", client.Output, StringComparison.Ordinal);
        await server.Peer.SaysOnErrorsAsync($"#1 tcp://{who} connected to tls://");
    }
}
