using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sockeye.Tests.Networks.Memory;

/// <summary>The level above: listeners, connections, datagrams and names over a network in memory.</summary>
public sealed class MemoryConnectionTests : MemoryTestBase
{
    [Theory]
    [InlineData("tcp://127.0.0.1:0")]
    [InlineData("tcp://[::1]:0")]
    [InlineData("tcp://localhost:0")]
    [InlineData("tcp://*:0")]
    [InlineData("unix:///run/echo.sock")]
    [InlineData("abstract://echo")]
    [InlineData("unix-seqpacket:///run/echo.sock")]
    public async Task Echo_half_close_and_end(string address)
    {
        await using Listener listener = await Network.ListenAsync(address);
        Task server = EchoAsync(listener);
        Address target = listener.Address.EndPoint is IPEndPoint { Address: var any } ip && MemoryWildcard(any)
            ? (Address)$"tcp://127.0.0.1:{ip.Port}"
            : listener.Address;
        await using Connection client = await Network.ConnectAsync(target);
        await client.WriteAsync(Encoding.UTF8.GetBytes("hello, 世界"));
        await client.Output.CompleteAsync();
        Assert.Equal("hello, 世界", await Within(ReadToEndAsync(client.Input)));
        await Within(server);
    }

    [Fact]
    public async Task A_name_leads_to_its_addresses()
    {
        Network.AddAddress(IPAddress.Parse("10.0.0.1"));
        Network.AddName("example.test", IPAddress.Parse("10.0.0.1"));
        await using Listener listener = await Network.ListenAsync("tcp://10.0.0.1:80");
        await using Connection client = await Network.ConnectAsync("tcp://example.test:80");
        Assert.Equal("10.0.0.1:80", client.Socket!.RemoteEndPoint!.ToString());
        Assert.Equal("10.0.0.1", ((IPEndPoint)client.Socket.LocalEndPoint!).Address.ToString());

        // A close in order would wait for the peer, and nobody accepts.
        client.Abort();
    }

    [Fact]
    public async Task Datagrams_go_and_come_back()
    {
        await using DatagramSocket server = await Network.OpenDatagramAsync("udp://localhost:9000");
        await using DatagramSocket client = await Network.ConnectDatagramAsync("udp://localhost:9000");
        await client.SendAsync(Bytes("ping"));
        byte[] buffer = new byte[100];
        SocketAddress from = server.CreateAddress();
        DatagramResult result = await Within(server.ReceiveAsync(buffer, from).AsTask());
        Assert.Equal("ping", Encoding.UTF8.GetString(buffer, 0, result.Count));
        await server.SendAsync(Bytes("pong"), from);
        result = await Within(client.ReceiveAsync(buffer, client.CreateAddress()).AsTask());
        Assert.Equal("pong", Encoding.UTF8.GetString(buffer, 0, result.Count));
    }

    private static bool MemoryWildcard(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static async Task EchoAsync(Listener listener)
    {
        await using Connection connection = (await listener.AcceptAsync())!;
        while (true)
        {
            ReadResult result = await connection.Input.ReadAsync();
            foreach (ReadOnlyMemory<byte> part in result.Buffer)
                await connection.WriteAsync(part);
            connection.Input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
                return;
        }
    }

    private static async Task<string> ReadToEndAsync(PipeReader input)
    {
        while (true)
        {
            ReadResult result = await input.ReadAsync();
            if (result.IsCompleted)
                return Encoding.UTF8.GetString(result.Buffer);
            input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }
}
