using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Sockeye.Tests.Connections;
using Sockeye.Tests.Serving;

namespace Sockeye.Tests.Proxying;

/// <summary>Connections that begin with a PROXY header, on both sides: <c>?proxy=</c> on an address.</summary>
public class ProxiedConnectionTests
{
    private static readonly ProxyHeader Header = new(IPEndPoint.Parse("203.0.113.7:4711"), IPEndPoint.Parse("198.51.100.1:443"));

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task Who_the_client_is_passes_from_one_side_to_the_other(string version)
    {
        MemoryNetwork network = new();
        await using Listener listener = await network.ListenAsync($"tcp://127.0.0.1:80?proxy={version}");
        await using Connection client = await network.ConnectAsync(listener.Address, new ConnectorOptions { ProxyHeader = Header });
        await client.WriteLineAsync("hello");
        await using Connection served = (await listener.AcceptAsync())!;
        Assert.Null(served.ProxyHeader);
        Assert.NotEqual(Header.Source, served.RemoteEndPoint);

        await served.HandshakeAsync().AsTask().Within();

        Assert.Equal((Header.Source, Header.Destination), (served.RemoteEndPoint, served.LocalEndPoint));
        Assert.Equal("hello", await served.LineAsync());
        Assert.Equal("and you", await AnswerAsync(served, client));
    }

    [Fact]
    public async Task The_first_read_shakes_hands()
    {
        (Connection client, Connection served) = await JoinAsync("proxy=any", announce: "proxy=v2");
        PipeReader asTakenBefore = served.Input;
        await client.WriteLineAsync("hello");

        ReadResult result = await asTakenBefore.ReadAsync().Within();
        Assert.Equal("hello\n"u8, result.Buffer.ToArray());
        asTakenBefore.AdvanceTo(result.Buffer.End);
        Assert.Equal(Header.Source, served.RemoteEndPoint);
        await client.WriteLineAsync("more");
        Assert.Equal("more", await served.LineAsync());
    }

    [Fact]
    public async Task The_first_flush_waits_for_the_header()
    {
        (Connection client, Connection served) = await JoinAsync("proxy=v1", announce: null);
        Task<FlushResult> greeting = served.WriteLineAsync("welcome").AsTask();
        await client.WriteAsync("PROXY TCP4 203.0.113.7 198.51.100."u8.ToArray());
        Assert.False(greeting.IsCompleted);
        await client.WriteAsync("1 4711 443\r\nhello\n"u8.ToArray());

        await greeting.Within();
        Assert.Equal("welcome", await client.LineAsync());
        Assert.Equal("hello", await served.LineAsync());
        Assert.Equal(Header.Source, served.RemoteEndPoint);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n", "no PROXY header came but \"GET / HTTP/1.1")]
    [InlineData("PROXY TCP4 1.2.3.4\r\n", "malformed")]
    [InlineData("PROXY UNK", "ended after 9 bytes, before its PROXY header")]
    [InlineData("", "ended after 0 bytes, before its PROXY header")]
    public async Task A_peer_without_a_header_is_told_and_ended(string sends, string says)
    {
        (Connection client, Connection served) = await JoinAsync("proxy=any", announce: null);
        await client.WriteAsync(System.Text.Encoding.ASCII.GetBytes(sends));
        await client.Output.CompleteAsync();

        ProxyHeaderException first = await Assert.ThrowsAsync<ProxyHeaderException>(() => served.HandshakeAsync().AsTask().Within());
        Assert.Contains(says, first.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:", first.Message, StringComparison.Ordinal);
        Assert.Equal(first.Message, (await Assert.ThrowsAsync<ProxyHeaderException>(() => served.Input.ReadAsync().Within())).Message);
        Assert.Equal(first.Message, (await Assert.ThrowsAsync<ProxyHeaderException>(() => served.WriteLineAsync("hello").Within())).Message);
        Assert.False(await client.EndsInOrderAsync());
        Assert.Equal(client.RemoteEndPoint, served.LocalEndPoint);
    }

    [Fact]
    public async Task A_peer_that_sends_nothing_is_waited_for_no_longer_than_the_limit()
    {
        WatchedClock clock = new();
        MemoryNetwork network = new(clock);
        await using Listener listener = await network.ListenAsync("tcp://127.0.0.1:80?proxy=v2", new ListenerOptions { HandshakeTimeout = TimeSpan.FromSeconds(3) });
        await using Connection client = await network.ConnectAsync("tcp://127.0.0.1:80");
        await using Connection served = (await listener.AcceptAsync())!;
        Task handshake = served.HandshakeAsync().AsTask();
        await clock.StartedAsync(TimeSpan.FromSeconds(3));
        clock.Advance(TimeSpan.FromSeconds(3) - TimeSpan.FromTicks(1));
        Assert.False(handshake.IsCompleted);
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.Contains("within 3 s", (await Assert.ThrowsAsync<ProxyHeaderException>(() => handshake.Within())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_gives_up_waiting_loses_nothing_of_the_header()
    {
        (Connection client, Connection served) = await JoinAsync("proxy=v1", announce: null);
        await client.WriteAsync("PROXY TCP4 203.0.113.7 198.51.100.1 4711 "u8.ToArray());
        using (CancellationTokenSource impatient = new())
        {
            Task<ReadResult> reading = served.Input.ReadAsync(impatient.Token).AsTask();
            await impatient.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.Within());
        }

        Task<ReadResult> pending = served.Input.ReadAsync().AsTask();
        served.Input.CancelPendingRead();
        ReadResult cancelled = await pending.Within();
        Assert.True(cancelled.IsCanceled);
        served.Input.AdvanceTo(cancelled.Buffer.Start, cancelled.Buffer.End);

        await client.WriteAsync("443\r\nhello\n"u8.ToArray());
        Assert.Equal("hello", await served.LineAsync());
        Assert.Equal(Header.Source, served.RemoteEndPoint);
    }

    [Fact]
    public async Task A_header_that_nobody_waits_for_any_more_may_fail_unheard()
    {
        Assert.Empty(await UnobservedFailures.OfAsync("before its PROXY header", async () =>
        {
            (Connection client, Connection served) = await JoinAsync("proxy=v1", announce: null);
            using CancellationTokenSource impatient = new();
            Task<ReadResult> reading = served.Input.ReadAsync(impatient.Token).AsTask();
            Assert.False(served.Input.TryRead(out _));
            await impatient.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.Within());
            await client.WriteAsync("PROXY"u8.ToArray());
            await client.Output.CompleteAsync();
            Assert.False(await client.EndsInOrderAsync());
        }));
    }

    [Fact]
    public async Task For_itself_a_proxy_says_so_and_its_own_end_points_count()
    {
        MemoryNetwork network = new();
        await using Listener listener = await network.ListenAsync("tcp://127.0.0.1:80?proxy=v2");
        await using Connection client = await network.ConnectAsync(listener.Address);
        await using Connection served = (await listener.AcceptAsync())!;
        await served.HandshakeAsync().AsTask().Within();

        Assert.True(served.ProxyHeader!.IsLocal);
        Assert.Equal(client.LocalEndPoint, served.RemoteEndPoint);
        Assert.Equal(client.RemoteEndPoint, served.LocalEndPoint);
    }

    [Fact]
    public async Task Extensions_reach_the_server()
    {
        MemoryNetwork network = new();
        ProxyHeader header = new(Header.Source, Header.Destination) { Tlvs = [new(0x02, "example.com"u8.ToArray()), ProxyTlv.Checksum] };
        await using Listener listener = await network.ListenAsync("tcp://127.0.0.1:80?proxy=v2");
        await using Connection client = await network.ConnectAsync(listener.Address, new ConnectorOptions { ProxyHeader = header });
        await using Connection served = (await listener.AcceptAsync())!;
        await served.HandshakeAsync().AsTask().Within();

        Assert.Equal("example.com"u8, served.ProxyHeader!.Tlvs[0].Value.Span);
    }

    [Fact]
    public async Task A_connection_to_say_it_for_is_described_by_its_own_end_points()
    {
        MemoryNetwork network = new();
        await using Listener tcp = await network.ListenAsync("tcp://127.0.0.1:80");
        await using Connection client = await network.ConnectAsync(tcp.Address);
        await using Connection served = (await tcp.AcceptAsync())!;
        ProxyHeader header = ProxyHeader.For(served);
        Assert.Equal((client.LocalEndPoint, client.RemoteEndPoint), (header.Source, header.Destination));

        await using Listener unix = await network.ListenAsync("unix:///run/server.sock");
        await using Connection unnamed = await network.ConnectAsync(unix.Address);
        await using Connection servedUnix = (await unix.AcceptAsync())!;
        ArrayBufferWriter<byte> bytes = new();
        ProxyHeader.For(servedUnix).Emit(ProxyVersions.V2, bytes);
        Assert.Equal("/run/server.sock", $"{ProxyHeader.Parse(bytes.WrittenSpan).Destination}");
    }

    [Fact]
    public async Task Below_TLS_the_header_comes_first_and_TLS_knows_the_client()
    {
        MemoryNetwork network = new();
        using TlsCertificate certificate = TlsCertificate.CreateSelfSigned(["localhost"], network.TimeProvider);
        await using Listener listener = await network.ListenAsync(
            "tls://127.0.0.1:443?proxy=v2", new ListenerOptions { Tls = new TlsServerOptions { Certificate = certificate } });
        Task<Connection> connecting = network.ConnectAsync(
            listener.Address, new ConnectorOptions { ProxyHeader = Header, Tls = new TlsClientOptions { Pins = [certificate.Fingerprint] } }).AsTask();
        await using Connection served = (await listener.AcceptAsync())!;
        await served.HandshakeAsync().AsTask().Within();
        await using Connection client = await connecting.Within();

        Assert.IsType<TlsConnection>(served);
        Assert.Equal((Header.Source, Header.Destination), (served.RemoteEndPoint, served.LocalEndPoint));
        Assert.Equal(Header.Source, served.ProxyHeader!.Source);
        await client.WriteLineAsync("hello");
        Assert.Equal("hello", await served.LineAsync());
    }

    [Fact]
    public async Task Below_TLS_a_missing_header_is_told_as_that()
    {
        MemoryNetwork network = new();
        using TlsCertificate certificate = TlsCertificate.CreateSelfSigned(["localhost"], network.TimeProvider);
        await using Listener listener = await network.ListenAsync(
            "tls://127.0.0.1:443?proxy=v2", new ListenerOptions { Tls = new TlsServerOptions { Certificate = certificate } });
        Task<Connection> connecting = network.ConnectAsync("tls://127.0.0.1:443", new ConnectorOptions { Tls = new TlsClientOptions { AllowUntrusted = true } }).AsTask();
        await using Connection served = (await listener.AcceptAsync())!;

        await Assert.ThrowsAsync<ProxyHeaderException>(() => served.HandshakeAsync().AsTask().Within());
        await Assert.ThrowsAnyAsync<Exception>(() => connecting.Within());
    }

    [Fact]
    public async Task The_idle_ones_among_a_listeners_shards_ask_for_it_too()
    {
        MemoryNetwork network = new();
        await using Listener listener = await network.ListenAsync("tcp://localhost:80?proxy=v1");
        Assert.Equal(2, listener.Shards.Count);
        Assert.All(listener.Shards, shard => Assert.Equal(listener.Address, shard.Address));
        await using Connection client = await network.ConnectAsync("tcp://[::1]:80?proxy=v1", new ConnectorOptions { ProxyHeader = Header });
        await using Connection served = (await listener.AcceptAsync())!;
        await served.HandshakeAsync().AsTask().Within();
        Assert.Equal(Header.Source, served.RemoteEndPoint);
    }

    [Fact]
    public async Task Which_version_to_send_has_to_be_said()
    {
        NotSupportedException refusal = await Assert.ThrowsAsync<NotSupportedException>(() => new MemoryNetwork().ConnectAsync("tcp://127.0.0.1:80?proxy=any").AsTask());
        Assert.Contains("proxy=v1 or proxy=v2", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tcp://127.0.0.1:80?proxy=v2", null)]
    [InlineData("unix:///run/x?proxy=v1", null)]
    [InlineData("abstract://x?proxy=any", null)]
    [InlineData("tcp://127.0.0.1:80?proxy=v3", "proxy is v1, v2, or any where it listens")]
    [InlineData("tcp://127.0.0.1:80?proxy", "proxy is v1, v2, or any where it listens")]
    [InlineData("udp://127.0.0.1:80?proxy=v2", "the option \"proxy\" is for ")]
    [InlineData("abstract://x?type=dgram&proxy=v2", "the option \"proxy\" is for streams")]
    public void The_option_is_for_streams(string text, string? error)
    {
        bool isAddress = Address.TryParse(text, out Address? address, out string? problem);
        Assert.Equal(error is null, isAddress);
        if (error is null)
            Assert.Equal(text, $"{address}");
        else
            Assert.Contains(error, problem, StringComparison.Ordinal);
    }

    private static async Task<string?> AnswerAsync(Connection served, Connection client)
    {
        await served.WriteLineAsync("and you");
        return await client.LineAsync();
    }

    private static async Task<(Connection Client, Connection Served)> JoinAsync(string listens, string? announce)
    {
        MemoryNetwork network = new();
        await using Listener listener = await network.ListenAsync($"tcp://127.0.0.1:80?{listens}");
        string to = announce is null ? "tcp://127.0.0.1:80" : $"tcp://127.0.0.1:80?{announce}";
        Connection client = await network.ConnectAsync(to, new ConnectorOptions { ProxyHeader = Header });
        return (client, (await listener.AcceptAsync())!);
    }
}
