using System.Net;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Sockeye.Tests.Networks.Host;

public class AdoptedHandleTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_detached_listener_goes_on_in_another_socket(bool portable)
    {
        using CancellationTokenSource stop = new(Hang.Limit);
        await using HostNetwork network = new(timeProvider: null, portable);
        NetworkSocket first = network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        first.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        first.Listen();
        EndPoint local = first.LocalEndPoint!;
        using NetworkSocket second = network.CreateSocket(first.Detach());
        Assert.True(second.IsListening);
        Assert.Equal(local, second.LocalEndPoint);
        ValueTask<NetworkSocket> accepting = second.AcceptAsync(stop.Token);
        using NetworkSocket client = network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        await client.ConnectAsync(local, stop.Token);
        using NetworkSocket accepted = await accepting;
        Assert.Equal(client.LocalEndPoint, accepted.RemoteEndPoint);
    }

    [Fact]
    public async Task A_passed_connection_is_served_by_its_receiver()
    {
        using CancellationTokenSource stop = new(Hang.Limit);
        HostNetwork network = (HostNetwork)Network.Host;
        (NetworkSocket sender, NetworkSocket receiver) = network.CreatePair();
        (NetworkSocket kept, NetworkSocket passed) = network.CreatePair();
        sender.SendDescriptors("x"u8, [passed.Handle!]);
        passed.Dispose();
        DescriptorResult result = receiver.ReceiveDescriptors(new byte[1], 1);
        SafeFileHandle descriptor = result.Descriptors[0];
        using NetworkSocket adopted = network.CreateSocket(new SafeSocketHandle(descriptor.DangerousGetHandle(), ownsHandle: true));
        descriptor.SetHandleAsInvalid();
        Assert.Equal((AddressFamily.Unix, SocketType.Stream), (adopted.AddressFamily, adopted.SocketType));
        await kept.SendAllAsync("hello"u8.ToArray(), stop.Token);
        byte[] buffer = new byte[5];
        Assert.Equal(5, await adopted.ReceiveAllAsync(buffer, stop.Token));
        kept.Dispose();
        sender.Dispose();
        receiver.Dispose();
    }

    [Fact]
    public void What_is_no_socket_is_refused()
    {
        using FileStream file = new(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        using SafeSocketHandle handle = new(file.SafeFileHandle.DangerousGetHandle(), ownsHandle: false);
        Assert.Throws<SocketException>(() => ((HostNetwork)Network.Host).CreateSocket(handle));
    }
}
