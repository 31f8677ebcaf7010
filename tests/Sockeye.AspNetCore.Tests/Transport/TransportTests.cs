using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Sockeye.AspNetCore.Tests.Transport;

/// <summary>What Kestrel expects of a transport, as its own does it: half-closes, resets, aborts, and what is where.</summary>
public abstract class TransportTests(NetworkFixture fixture) : NetworkTests(fixture)
{
    private static readonly byte[] Hello = "hello"u8.ToArray();

    [Fact]
    public async Task Bytes_pass_both_ways()
    {
        await using TransportPair pair = await PairAsync();
        (NetworkSocket client, ConnectionContext server) = pair;
        await client.SendAllAsync(Hello);
        byte[] read = await server.Input().ReadExactlyAsync(Hello.Length);
        await server.Output().WriteAsync(read);
        byte[] answer = new byte[Hello.Length];
        await WithinAsync(client.ReceiveAllAsync(answer));

        Assert.Equal(Hello, read);
        Assert.Equal(Hello, answer);
    }

    [Fact]
    public async Task Accepting_gives_null_once_unbound_and_connections_live_on()
    {
        await using IConnectionListener listener = await BindAsync();
        await using TransportPair pair = await PairAsync(listener);
        (NetworkSocket client, ConnectionContext server) = pair;
        Task<ConnectionContext?> waiting = listener.AcceptAsync().AsTask();
        await WithinAsync(listener.UnbindAsync());

        Assert.Null(await WithinAsync(waiting));
        Assert.Null(await WithinAsync(listener.AcceptAsync()));
        await client.SendAllAsync(Hello);
        Assert.Equal(Hello, await server.Input().ReadExactlyAsync(Hello.Length));
        SocketException refused = await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(listener.EndPoint));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }

    [Fact]
    public async Task Accepting_can_be_cancelled_and_goes_on()
    {
        if (Fixture.IsStock)
            return; // It has no use for the token: Kestrel gives none.
        await using IConnectionListener listener = await BindAsync();
        using CancellationTokenSource cancel = new();
        Task<ConnectionContext?> waiting = listener.AcceptAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WithinAsync(waiting));

        await using TransportPair pair = await PairAsync(listener);
        Assert.NotNull(pair.Server);
    }

    [Fact]
    public async Task An_address_in_use_is_told_as_Kestrel_knows_it()
    {
        await using IConnectionListener listener = await BindAsync();

        AddressInUseException e = await Assert.ThrowsAsync<AddressInUseException>(async () => await Fixture.CreateTransport().BindAsync(listener.EndPoint));

        if (!Fixture.IsStock)
            Assert.StartsWith($"cannot listen on tcp://{listener.EndPoint}: the address is in use", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_lost_on_dispose()
    {
        byte[] sent = Pattern(4 * 1024 * 1024);
        await using IConnectionListener listener = await BindAsync(options => options.Listener = options.Listener with { LingerTimeout = Hang.Limit });
        await using TransportPair pair = await PairAsync(listener);
        (NetworkSocket client, ConnectionContext server) = pair;
        // What it never reads must not make the end a reset.
        await client.SendAllAsync(Hello);
        server.Output().Write(sent);
        Task flushing = server.Output().FlushAsync().AsTask();
        Task closing = server.DisposeAsync().AsTask();
        byte[] received = await client.ReceiveToEndAsync();
        client.Dispose();
        await WithinAsync(flushing);
        await WithinAsync(closing);

        Assert.Equal(sent, received);
    }

    [Fact]
    public async Task The_clients_end_is_read_as_the_end_and_it_still_gets_its_answer()
    {
        await using TransportPair pair = await PairAsync();
        (NetworkSocket client, ConnectionContext server) = pair;
        await client.SendAllAsync(Hello);
        client.Shutdown(SocketShutdown.Send);
        byte[] read = await server.Input().ReadToEndAsync();
        Assert.True((await WithinAsync(server.Input().ReadAsync())).IsCompleted);
        await server.Output().WriteAsync(read);
        Task closing = server.DisposeAsync().AsTask();

        Assert.Equal(Hello, await client.ReceiveToEndAsync());
        await WithinAsync(closing);
    }

    [Fact]
    public async Task The_clients_end_is_noticed_while_nobody_reads_even_behind_bytes()
    {
        await using TransportPair pair = await PairAsync();
        (NetworkSocket client, ConnectionContext server) = pair;
        await client.SendAllAsync(Hello);
        client.Shutdown(SocketShutdown.Send);

        await FiresAsync(server.ConnectionClosed);
        Assert.Equal(Hello, await server.Input().ReadToEndAsync());
    }

    [Fact]
    public async Task The_clients_end_is_noticed_behind_bytes_that_were_examined()
    {
        await using TransportPair pair = await PairAsync();
        (NetworkSocket client, ConnectionContext server) = pair;
        await client.SendAllAsync(Hello);
        ReadResult result = await WithinAsync(server.Input().ReadAtLeastAsync(Hello.Length));
        server.Input().AdvanceTo(result.Buffer.GetPosition(1), result.Buffer.GetPosition(3));
        client.Shutdown(SocketShutdown.Send);

        await FiresAsync(server.ConnectionClosed);
        Assert.Equal(Hello[1..], await server.Input().ReadToEndAsync());
    }

    [Fact]
    public async Task A_clients_reset_ends_reading_and_nobody_takes_what_is_written()
    {
        await using TransportPair pair = await PairAsync();
        (NetworkSocket client, ConnectionContext server) = pair;
        Task<ReadResult> reading = server.Input().ReadAsync().AsTask();
        client.Abort();

        ConnectionResetException e = await Assert.ThrowsAsync<ConnectionResetException>(() => WithinAsync(reading));
        Assert.IsType<SocketException>(e.InnerException);
        await FiresAsync(server.ConnectionClosed);
        FlushResult flushed;
        do
            flushed = await WithinAsync(server.Output().WriteAsync(Hello));
        while (!flushed.IsCompleted);
        await Assert.ThrowsAsync<ConnectionResetException>(() => WithinAsync(server.Input().ReadAsync()));

        // Writing on hurts nobody.
        server.Output().Write(new byte[100_000]);
        Assert.True((await WithinAsync(server.Output().FlushAsync())).IsCompleted);
    }

    [Fact]
    public async Task A_clients_reset_is_noticed_while_nobody_reads()
    {
        await using TransportPair pair = await PairAsync();
        (NetworkSocket client, ConnectionContext server) = pair;
        client.Abort();

        await FiresAsync(server.ConnectionClosed);
        await Assert.ThrowsAsync<ConnectionResetException>(() => WithinAsync(server.Input().ReadAsync()));
    }

    [Fact]
    public async Task An_abort_resets_the_client_and_ends_all_here()
    {
        await using TransportPair pair = await PairAsync();
        (NetworkSocket client, ConnectionContext server) = pair;
        Task<ReadResult> reading = server.Input().ReadAsync().AsTask();
        server.Abort(new ConnectionAbortedException("enough"));
        server.Abort(new ConnectionAbortedException("again"));

        ConnectionAbortedException e = await Assert.ThrowsAsync<ConnectionAbortedException>(() => WithinAsync(reading));
        Assert.Equal("enough", e.Message);
        await FiresAsync(server.ConnectionClosed);
        FlushResult written = await WithinAsync(server.Output().WriteAsync(Hello));

        // The sender of its own transport may learn of the abort a moment later; what is written until then it takes, up to its limit.
        while (Fixture.IsStock && !written.IsCompleted)
            written = await WithinAsync(server.Output().WriteAsync(Hello));
        Assert.True(written.IsCompleted);
        SocketException reset = await Assert.ThrowsAsync<SocketException>(() => WithinAsync(client.ReceiveAsync(new byte[1])));
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        await WithinAsync(server.DisposeAsync());
    }

    [Fact]
    public async Task An_abort_without_a_reason_ends_in_order_as_Kestrel_means_it()
    {
        await using TransportPair pair = await PairAsync();
        (NetworkSocket client, ConnectionContext server) = pair;
        server.Abort(null!);

        Assert.Equal(0, await WithinAsync(client.ReceiveAsync(new byte[1])));
        await Assert.ThrowsAsync<ConnectionAbortedException>(() => WithinAsync(server.Input().ReadAsync()));
        await FiresAsync(server.ConnectionClosed);
    }

    [Fact]
    public async Task After_an_abort_nothing_that_came_before_is_given()
    {
        await using TransportPair pair = await PairAsync();
        (NetworkSocket client, ConnectionContext server) = pair;
        await client.SendAllAsync(Hello);
        client.Shutdown(SocketShutdown.Send);
        await FiresAsync(server.ConnectionClosed);
        server.Abort(new ConnectionAbortedException("enough"));

        if (!Fixture.IsStock) // Its reader has ended in order before, and stays so.
            Assert.Equal("enough", (await Assert.ThrowsAsync<ConnectionAbortedException>(() => WithinAsync(server.Input().ReadAsync()))).Message);
    }

    [Fact]
    public async Task Completing_the_output_ends_it_in_order()
    {
        await using TransportPair pair = await PairAsync();
        (NetworkSocket client, ConnectionContext server) = pair;
        server.Output().Write(Hello);
        await server.Output().CompleteAsync();

        Assert.Equal(Hello, await client.ReceiveToEndAsync());
        if (!Fixture.IsStock) // Its own transport reads no more then.
        {
            await client.SendAllAsync(Hello);
            Assert.Equal(Hello, await server.Input().ReadExactlyAsync(Hello.Length));
        }

        client.Dispose();
        await WithinAsync(server.DisposeAsync());
    }

    [Fact]
    public async Task Completing_the_output_with_an_exception_resets()
    {
        await using TransportPair pair = await PairAsync();
        (NetworkSocket client, ConnectionContext server) = pair;
        await server.Output().CompleteAsync(new InvalidOperationException("no"));

        SocketException reset = await Assert.ThrowsAsync<SocketException>(() => WithinAsync(client.ReceiveAsync(new byte[1])));
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        await WithinAsync(server.DisposeAsync());
    }

    [Fact]
    public async Task A_cancelled_read_gives_what_is_there_and_loses_nothing()
    {
        await using TransportPair pair = await PairAsync();
        (NetworkSocket client, ConnectionContext server) = pair;
        PipeReader input = server.Input();

        // Ahead of the read, and once only.
        input.CancelPendingRead();
        ReadResult result = await WithinAsync(input.ReadAsync());
        Assert.True(result is { IsCanceled: true, Buffer.IsEmpty: true });
        input.AdvanceTo(result.Buffer.End);

        // While it waits, with bytes that were seen before.
        await client.SendAllAsync(Hello);
        result = await WithinAsync(input.ReadAtLeastAsync(Hello.Length));
        Assert.False(result.IsCanceled);
        input.AdvanceTo(result.Buffer.GetPosition(2), result.Buffer.End);
        Task<ReadResult> reading = input.ReadAsync().AsTask();
        input.CancelPendingRead();
        result = await WithinAsync(reading);
        Assert.True(result.IsCanceled);
        Assert.Equal(3, result.Buffer.Length);
        input.AdvanceTo(result.Buffer.Start, result.Buffer.End);

        await client.SendAllAsync(Hello);
        Assert.Equal<byte>((byte[])[.. Hello[2..], .. Hello], await input.ReadExactlyAsync(8));
    }

    [Fact]
    public async Task A_reads_token_ends_its_wait_and_loses_nothing()
    {
        await using TransportPair pair = await PairAsync();
        (NetworkSocket client, ConnectionContext server) = pair;
        for (int i = 0; i < 100; i++)
        {
            using CancellationTokenSource cancel = new();
            Task<ReadResult> reading = server.Input().ReadAsync(cancel.Token).AsTask();
            await cancel.CancelAsync();
            OperationCanceledException e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WithinAsync(reading));
            Assert.Equal(cancel.Token, e.CancellationToken);
        }

        await client.SendAllAsync(Hello);
        Assert.Equal(Hello, await server.Input().ReadExactlyAsync(Hello.Length));
    }

    [Fact]
    public async Task What_was_not_examined_is_given_at_once_and_what_was_waits_for_more()
    {
        await using TransportPair pair = await PairAsync();
        (NetworkSocket client, ConnectionContext server) = pair;
        PipeReader input = server.Input();
        await client.SendAllAsync(Hello);
        ReadResult result = await WithinAsync(input.ReadAtLeastAsync(Hello.Length));
        input.AdvanceTo(result.Buffer.GetPosition(1), result.Buffer.GetPosition(2));
        result = await WithinAsync(input.ReadAsync());
        Assert.Equal(4, result.Buffer.Length);
        input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        Task<ReadResult> reading = input.ReadAsync().AsTask();
        await client.SendAllAsync(Hello);
        result = await WithinAsync(reading);

        Assert.True(result.Buffer.Length > 4);
        input.AdvanceTo(result.Buffer.Start);
        Assert.Equal<byte>((byte[])[.. Hello[1..], .. Hello], await input.ReadExactlyAsync(9));
    }

    [Fact]
    public async Task Trying_to_read_finds_what_has_come()
    {
        await using TransportPair pair = await PairAsync();
        (NetworkSocket client, ConnectionContext server) = pair;
        await client.SendAllAsync(Hello);
        client.Shutdown(SocketShutdown.Send);
        await FiresAsync(server.ConnectionClosed);
        ReadResult result;
        while (!server.Input().TryRead(out result))
            await Task.Yield();

        Assert.Equal(5, result.Buffer.Length);
        server.Input().AdvanceTo(result.Buffer.End);
    }

    [Fact]
    public async Task End_points_and_features_are_there()
    {
        await using IConnectionListener listener = await BindAsync();
        await using TransportPair pair = await PairAsync(listener);
        (NetworkSocket client, ConnectionContext server) = pair;
        IPEndPoint local = (IPEndPoint)client.LocalEndPoint!;
        Assert.Equal(local, server.RemoteEndPoint);
        Assert.Equal(listener.EndPoint, server.LocalEndPoint);
        Assert.Equal(server.ConnectionClosed, server.Features.Get<IConnectionLifetimeFeature>()!.ConnectionClosed);
        Assert.Equal(server.ConnectionId, server.Features.Get<IConnectionIdFeature>()!.ConnectionId);
        Assert.Same(server.Transport, server.Features.Get<IConnectionTransportFeature>()!.Transport);
        Assert.Same(server.Items, server.Features.Get<IConnectionItemsFeature>()!.Items);
        Assert.NotNull(server.Features.Get<IMemoryPoolFeature>()!.MemoryPool);
        Assert.Equal(Fixture.HasSockets, server.Features.Get<IConnectionSocketFeature>() is not null);
        if (Fixture.HasSockets)
        {
            // Its disposal is none of the connection's.
            Socket socket = server.Features.Get<IConnectionSocketFeature>()!.Socket;
            Assert.Equal(local, socket.RemoteEndPoint);
            if (!Fixture.IsStock)
            {
                socket.Dispose();
                await client.SendAllAsync(Hello);
                Assert.Equal(Hello, await server.Input().ReadExactlyAsync(Hello.Length));
            }
        }
        if (!Fixture.IsStock) // Its own has the connection only.
        {
            IConnectionEndPointFeature endPoints = server.Features.Get<IConnectionEndPointFeature>()!;
            Assert.Equal((server.LocalEndPoint, server.RemoteEndPoint), (endPoints.LocalEndPoint, endPoints.RemoteEndPoint));
            Assert.Equal(local, server.Features.Get<Connection>()!.RemoteEndPoint);
        }

        // Who it was is known when it has gone.
        client.Abort();
        await FiresAsync(server.ConnectionClosed);
        Assert.Equal(local, server.RemoteEndPoint);
    }

    [Fact]
    public async Task No_two_connections_have_the_same_id()
    {
        await using IConnectionListener listener = await BindAsync();
        await using TransportPair pair = await PairAsync(listener);
        await using TransportPair other = await PairAsync(listener);

        Assert.NotEqual(pair.Server.ConnectionId, other.Server.ConnectionId);
    }

    [Fact]
    public async Task Unix_sockets_are_listened_at()
    {
        UnixDomainSocketEndPoint path = Fixture.NewPath();
        await using IConnectionListener listener = await Fixture.CreateTransport().BindAsync(path);
        await using TransportPair pair = await PairAsync(listener);
        (NetworkSocket client, ConnectionContext server) = pair;
        await client.SendAllAsync(Hello);

        Assert.Equal(Hello, await server.Input().ReadExactlyAsync(Hello.Length));
        Assert.Equal(path, listener.EndPoint);
        Assert.Equal(path, server.LocalEndPoint);
    }

    [Fact]
    public async Task Any_address_of_IPv6_takes_IPv4_too()
    {
        await using IConnectionListener listener = await Fixture.CreateTransport().BindAsync(new IPEndPoint(IPAddress.IPv6Any, 0));
        NetworkSocket client = await ConnectAsync(new IPEndPoint(IPAddress.Loopback, ((IPEndPoint)listener.EndPoint).Port));
        await using TransportPair pair = new(client, (await WithinAsync(listener.AcceptAsync()))!);

        Assert.Equal(((IPEndPoint)client.LocalEndPoint!).Port, ((IPEndPoint)pair.Server.RemoteEndPoint!).Port);
    }

    [Fact]
    public async Task Disposing_ends_a_read_and_can_be_repeated()
    {
        await using TransportPair pair = await PairAsync();
        (NetworkSocket client, ConnectionContext server) = pair;
        client.Dispose();
        await WithinAsync(server.DisposeAsync());
        await WithinAsync(server.DisposeAsync());
        Assert.Throws<InvalidOperationException>(() => server.Input().TryRead(out _));
    }
}
