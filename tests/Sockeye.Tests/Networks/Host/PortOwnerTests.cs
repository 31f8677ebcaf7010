using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Networks.Host;

/// <summary>Whoever finds an address in use learns which process has it (Linux). Other processes are in the tests of the program.</summary>
public class PortOwnerTests
{
    [Theory]
    [InlineData("tcp://127.0.0.1:0")]
    [InlineData("tcp://[::1]:0")]
    [InlineData("tcp://localhost:0")]
    [InlineData("abstract://sockeye-owner")]
    public async Task A_listeners_owner_is_named(string address)
    {
        await using Listener listener = await Network.Host.ListenAsync(address);
        await NamesThisProgramAsync(async () => await Network.Host.ListenAsync(listener.Address));
    }

    [Theory]
    [InlineData("udp://127.0.0.1:0")]
    [InlineData("udp://[::1]:0")]
    public async Task A_datagram_sockets_owner_is_named(string address)
    {
        await using DatagramSocket socket = await Network.Host.OpenDatagramAsync(address);
        await NamesThisProgramAsync(async () => await Network.Host.OpenDatagramAsync(socket.Address));
    }

    [Fact]
    public void A_socket_that_is_only_bound_is_in_use_all_the_same()
    {
        using NetworkSocket first = Network.Host.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
        using NetworkSocket second = Network.Host.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
        first.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        SocketException e = Assert.Throws<SocketException>(() => second.Bind(first.LocalEndPoint!));
        Assert.EndsWith("; another socket of this program has it; choose another, or port 0 for any free one", e.Message, StringComparison.Ordinal);
    }

    private static async Task NamesThisProgramAsync(Func<Task> call)
    {
        SocketException e = await Assert.ThrowsAsync<SocketException>(call);
        Assert.Equal(SocketError.AddressAlreadyInUse, e.SocketErrorCode);
        Assert.Contains("; another socket of this program has it; ", e.Message, StringComparison.Ordinal);
    }
}
