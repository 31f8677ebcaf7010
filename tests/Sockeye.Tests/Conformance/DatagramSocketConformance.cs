using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Conformance;

/// <summary><see cref="DatagramSocket"/>: datagrams by address.</summary>
public abstract class DatagramSocketConformance(NetworkFixture fixture) : ConformanceTests(fixture)
{
    [Theory]
    [MemberData(nameof(DatagramKinds))]
    public Task An_open_socket_hears_anybody_and_answers(DatagramKind kind) => RunOpenAsync(kind, async server =>
    {
        Assert.Null(server.RemoteEndPoint);
        Assert.Single(server.LocalEndPoints);
        await using DatagramSocket client = await ClientNetwork(server).ConnectDatagramAsync(server.Address);
        await client.SendAsync(Payload.Text("ping"));
        byte[] buffer = new byte[64];
        ReceivedDatagram received = await server.ReceiveAsync(buffer);
        Assert.Equal("ping", Payload.Text(received.Bytes.Span));
        Assert.False(received.Truncated);
        if (server.Socket!.AddressFamily == AddressFamily.Unix && !Fixture.Can(Feature.AutomaticNames))
            return;
        Assert.Equal(client.LocalEndPoints[0], received.From);
        await server.SendAsync(Payload.Text("pong"), received.From);
        received = await client.ReceiveAsync(buffer);
        Assert.Equal("pong", Payload.Text(received.Bytes.Span));
        Assert.Equal(server.LocalEndPoints[0], received.From);
        await server.SendAsync(Payload.Text("raw"), client.LocalEndPoints[0].Serialize());
        SocketAddress from = client.CreateAddress();
        DatagramResult result = await client.ReceiveAsync(buffer, from);
        Assert.Equal(3, result.Count);
        Assert.Equal(server.LocalEndPoints[0], EndPoints.FromAddress(from));
    });

    [Fact]
    public Task Localhost_is_both_loopbacks_at_one_port() => RunAsync(async () =>
    {
        await using DatagramSocket server = await Fixture.Server.OpenDatagramAsync("udp://localhost:0");
        Assert.Equal([IPAddress.IPv6Loopback, IPAddress.Loopback], server.LocalEndPoints.Select(e => ((IPEndPoint)e).Address));
        Assert.Single(server.LocalEndPoints.Select(e => ((IPEndPoint)e).Port).Distinct());
        Assert.NotEqual(0, server.Address.Port);
        byte[] buffer = new byte[64];
        foreach (EndPoint local in server.LocalEndPoints)
        {
            Task<ReceivedDatagram> receiving = server.ReceiveAsync(buffer).AsTask();
            await using DatagramSocket client = await Fixture.Server.ConnectDatagramAsync(Address.FromEndPoint(local, SocketType.Dgram));
            await client.SendAsync(Payload.Text("hello"));
            ReceivedDatagram received = await receiving;
            Assert.Equal(client.LocalEndPoints[0], received.From);
            await server.SendAsync(Payload.Text("back"), received.From);
            Assert.Equal("back", Payload.Text((await client.ReceiveAsync(buffer)).Bytes.Span));
        }
    });

    [Fact]
    public Task Every_interface_takes_IPv4_senders_by_their_plain_addresses() => RunAsync(async () =>
    {
        await using DatagramSocket server = await Fixture.Server.OpenDatagramAsync("udp://*:0");
        await using DatagramSocket client = await Fixture.Client.ConnectDatagramAsync($"udp://{Fixture.Address4}:{server.Address.Port}");
        await client.SendAsync(Payload.Text("x"));
        ReceivedDatagram received = await server.ReceiveAsync(new byte[8]);
        Assert.Equal(client.LocalEndPoints[0], received.From);
        await server.SendAsync(Payload.Text("y"), received.From);
        Assert.Equal(1, (await client.ReceiveAsync(new byte[8])).Bytes.Length);
    });

    [Theory]
    [MemberData(nameof(DatagramKinds))]
    public Task A_cut_datagram_says_so(DatagramKind kind) => RunOpenAsync(kind, async server =>
    {
        await using DatagramSocket client = await ClientNetwork(server).ConnectDatagramAsync(server.Address);
        await client.SendAsync(Payload.Text("too long"));
        Assert.True((await server.ReceiveAsync(new byte[3])).Truncated);
    });

    [Theory]
    [MemberData(nameof(DatagramKinds))]
    public Task Disposing_ends_a_receive(DatagramKind kind) => RunOpenAsync(kind, async server =>
    {
        Task<ReceivedDatagram> receiving = server.ReceiveAsync(new byte[8]).AsTask();
        await server.DisposeAsync();
        await FailsAsync(SocketError.OperationAborted, () => receiving);
        await server.DisposeAsync();
    });

    [Fact]
    public Task Disposing_ends_a_receive_at_both_loopbacks() => RunAsync(async () =>
    {
        await using DatagramSocket server = await Fixture.Server.OpenDatagramAsync("udp://localhost:0");
        Task<ReceivedDatagram> receiving = server.ReceiveAsync(new byte[8]).AsTask();
        await server.DisposeAsync();
        await FailsAsync(SocketError.OperationAborted, () => receiving);
    });

    [Fact]
    public Task Cancelling_a_receive_at_both_loopbacks_loses_nothing() => RunAsync(async () =>
    {
        await using DatagramSocket server = await Fixture.Server.OpenDatagramAsync("udp://localhost:0");
        await using DatagramSocket client = await Fixture.Server.ConnectDatagramAsync(server.Address);
        using CancellationTokenSource stop = new();
        Task<ReceivedDatagram> receiving = server.ReceiveAsync(new byte[8], stop.Token).AsTask();
        await stop.CancelAsync();
        await CancelledAsync(receiving);
        await client.SendAsync(Payload.Text("x"));
        Assert.Equal(1, (await server.ReceiveAsync(new byte[8])).Bytes.Length);
    });

    [Fact]
    public Task Without_a_peer_a_send_needs_an_address() => RunAsync(async () =>
    {
        await using DatagramSocket server = await Fixture.Server.OpenDatagramAsync("udp://127.0.0.1:0");
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await server.SendAsync(new byte[1]));
    });

    [Fact]
    public Task Addresses_of_streams_have_no_datagrams() => RunAsync(async () =>
    {
        await Assert.ThrowsAsync<NotSupportedException>(async () => await Fixture.Server.OpenDatagramAsync("tcp://127.0.0.1:0"));
        await Assert.ThrowsAsync<NotSupportedException>(async () => await Fixture.Server.ConnectDatagramAsync("tcp://127.0.0.1:1"));
    });

    [Theory]
    [MemberData(nameof(DatagramKinds))]
    public Task An_address_in_use_is_an_error_that_names_it(DatagramKind kind) => RunOpenAsync(kind, async server =>
    {
        SocketException e = await FailsAsync(SocketError.AddressAlreadyInUse, async () => await Fixture.Server.OpenDatagramAsync(server.Address));
        Assert.Contains(server.Address.ToString(), e.Message, StringComparison.Ordinal);
    });

    private Network ClientNetwork(DatagramSocket server) => Fixture.ClientFor(server.LocalEndPoints[0]);

    private Task RunOpenAsync(DatagramKind kind, Func<DatagramSocket, Task> scenario)
    {
        if (!Fixture.Has(kind))
            return Task.CompletedTask;
        return RunAsync(async () =>
        {
            await using DatagramSocket server = await Fixture.Server.OpenDatagramAsync(Address.FromEndPoint(Fixture.NewEndPoint(kind), SocketType.Dgram));
            await scenario(server);
        });
    }
}
