using System.Net.Sockets;
using Sockeye.Tests.Conformance;
using Sockeye.Tests.Serving;

namespace Sockeye.Tests.Connections.Tls;

/// <summary>Peers that speak something else, nothing, or TLS that is none.</summary>
public class TlsHostileTests : TlsTestBase
{
    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "it sent an HTTP request: \"GET / HTTP/1.1\"")]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n", "it sent an SSH banner")]
    [InlineData("hello there\n", "it sent plain text: \"hello there\"")]
    public async Task A_plain_client_is_recognised_and_told_that_this_is_TLS(string says, string expected)
    {
        (Connection plain, Connection accepted) = await ConnectPlainAsync();
        await plain.WriteTextAsync(says);
        TlsException e = await Assert.ThrowsAsync<TlsException>(() => accepted.HandshakeAsync().AsTask().Within());
        Assert.Equal(TlsFailure.NotTls, e.Failure);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.Equal("tls", ProtocolGuess.Of(await plain.Input.ReadExactlyAsync(7))?.Scheme);
        plain.Abort();
        accepted.Abort();
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", "it answered with an HTTP answer: \"HTTP/1.1 400 Bad Request\"; the port is not TLS: try tcp://")]
    [InlineData("220 mail.example.org ESMTP\r\n", "a mail server's greeting (SMTP)")]
    public async Task A_plain_server_is_recognised(string says, string expected)
    {
        TlsException e = await Assert.ThrowsAsync<TlsException>(() => ConnectToAsync(async server =>
        {
            await server.Input.ReadAsync();
            await server.WriteTextAsync(says);
        }));
        Assert.Equal(TlsFailure.NotTls, e.Failure);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_closes_at_once_may_not_speak_TLS()
    {
        TlsException e = await Assert.ThrowsAsync<TlsException>(() => ConnectToAsync(async server =>
        {
            await server.Input.ReadAsync();
            await server.Output.CompleteAsync();
        }));
        Assert.Equal(TlsFailure.ClosedEarly, e.Failure);
        Assert.Contains("it closed the connection during the handshake; it may not speak TLS", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_resets_may_not_speak_TLS()
    {
        TlsException e = await Assert.ThrowsAsync<TlsException>(() => ConnectToAsync(server =>
        {
            server.Abort();
            return Task.CompletedTask;
        }));
        Assert.Equal(TlsFailure.ClosedEarly, e.Failure);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_left_after_HandshakeTimeout()
    {
        SocketTimeoutException e = await Assert.ThrowsAsync<SocketTimeoutException>(() => ConnectToAsync(async server =>
        {
            await server.Input.ReadAsync();
            Clock.Advance(10 * Second);
        }));
        Assert.Contains("it said nothing within 10 s; it may not speak TLS", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_takes_the_connection_and_says_nothing_may_not_speak_TLS_when_ConnectTimeout_is_over()
    {
        SocketTimeoutException e = await Assert.ThrowsAsync<SocketTimeoutException>(() => ConnectToAsync(
            async server =>
            {
                await server.Input.ReadAsync();
                Clock.Advance(2 * Second);
            },
            connectTimeout: 2 * Second));
        Assert.Contains("it took the connection and said nothing within 2 s; it may not speak TLS: try tcp://", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_a_connect_in_the_handshake_closes_the_connection()
    {
        using CancellationTokenSource stop = new();
        bool wasReset = false;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ConnectToAsync(
            async server =>
            {
                await server.Input.ReadAsync();
                await stop.CancelAsync();
                wasReset = !await server.EndsInOrderAsync();
            },
            cancellationToken: stop.Token));
        Assert.True(wasReset);
    }

    [Fact]
    public async Task A_hello_that_comes_byte_by_byte_is_a_hello()
    {
        await using Listener listener = await Network.ListenAsync("tls://127.0.0.1:0", new ListenerOptions { Tls = Serving() });
        Connection below = await Network.ConnectAsync($"tcp://127.0.0.1:{listener.Address.Port}");
        Connection accepted = (await listener.AcceptAsync())!;
        await using TlsConnection client = TlsConnection.CreateClient(new DrippingConnection(below), Trusting);
        await Task.WhenAll(client.HandshakeAsync().AsTask(), accepted.HandshakeAsync().AsTask()).Within();
        client.Abort();
        accepted.Abort();
    }

    [Theory]
    [InlineData(new byte[] { 0x16, 3, 1, 0xff, 0xff, 1, 2, 3 })]
    [InlineData(new byte[] { 0x16, 3, 1, 0, 4, 1, 0, 0, 0 })]
    [InlineData(new byte[] { 0x17, 3, 3, 0, 1, 0 })]
    [InlineData(new byte[] { 0x15, 3, 3, 0, 2, 2, 40 })]
    [InlineData(new byte[] { 0x16, 3, 1, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 })]
    public async Task A_record_that_is_none_is_a_TlsException(byte[] record)
    {
        (Connection plain, Connection accepted) = await ConnectPlainAsync();
        await plain.WriteAsync(record);
        await plain.Output.CompleteAsync();
        await Assert.ThrowsAsync<TlsException>(() => accepted.HandshakeAsync().AsTask().Within());
        plain.Abort();
        accepted.Abort();
    }

    [Fact]
    public async Task Random_bytes_are_a_TlsException()
    {
        Random random = new(20260203);
        for (int i = 0; i < 100; i++)
        {
            (Connection plain, Connection accepted) = await ConnectPlainAsync();
            byte[] garbage = new byte[random.Next(1, 2000)];
            random.NextBytes(garbage);
            await plain.WriteAsync(garbage);
            await plain.Output.CompleteAsync();
            await Assert.ThrowsAsync<TlsException>(() => accepted.HandshakeAsync().AsTask().Within());
            plain.Abort();
            accepted.Abort();
        }
    }

    [Fact]
    public async Task A_record_that_was_changed_on_its_way_ends_the_connection()
    {
        await using Listener listener = await Network.ListenAsync("tcp://127.0.0.1:0");
        Connection below = await Network.ConnectAsync(listener.Address);
        await using TlsConnection server = TlsConnection.CreateServer((await listener.AcceptAsync())!, Serving());
        await using TlsConnection client = TlsConnection.CreateClient(below, Trusting);
        await Task.WhenAll(client.HandshakeAsync().AsTask(), server.HandshakeAsync().AsTask()).Within();
        await below.WriteAsync(new byte[] { 0x17, 3, 3, 0, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 });
        await Assert.ThrowsAsync<TlsException>(async () => await server.Input.ReadAsync());
        server.Abort();
        client.Abort();
    }

    /// <summary>Connects by TLS to a server that does as it is told.</summary>
    private async Task ConnectToAsync(Func<Connection, Task> behave, TimeSpan? connectTimeout = null, CancellationToken cancellationToken = default)
    {
        await using Listener listener = await Network.ListenAsync("tcp://127.0.0.1:0", CancellationToken.None);
        ConnectorOptions options = new() { Tls = Trusting, ConnectTimeout = connectTimeout };
        Task<Connection> connecting = Network.ConnectAsync($"tls://127.0.0.1:{listener.Address.Port}", options, cancellationToken).AsTask();
        Connection server = (await listener.AcceptAsync(CancellationToken.None))!;
        await behave(server);
        try
        {
            await connecting.Within();
        }
        finally
        {
            server.Abort();
        }
    }

    /// <summary>Sends each byte by itself.</summary>
    private sealed class DrippingConnection(Connection inner) : DelegatingConnection(inner)
    {
        public override System.IO.Pipelines.PipeWriter Output { get; } = System.IO.Pipelines.PipeWriter.Create(new DrippingStream(inner));
    }

    private sealed class DrippingStream(Connection inner) : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            for (int i = 0; i < buffer.Length; i++)
            {
                await inner.Output.WriteAsync(buffer.Slice(i, 1), cancellationToken);
                await Task.Yield();
            }
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
