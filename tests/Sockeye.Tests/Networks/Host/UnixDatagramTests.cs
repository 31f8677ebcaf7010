using System.Net.Sockets;

namespace Sockeye.Tests.Networks.Host;

public sealed class UnixDatagramTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sockeye").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_send_to_a_full_receiver_goes_on_when_it_has_room()
    {
        using CancellationTokenSource stop = new(Hang.Limit);
        UnixDomainSocketEndPoint path = new(Path.Combine(_folder, "full"));
        using NetworkSocket receiver = Network.Host.CreateSocket(AddressFamily.Unix, SocketType.Dgram);
        receiver.Bind(path);
        using NetworkSocket sender = Network.Host.CreateSocket(AddressFamily.Unix, SocketType.Dgram);
        int sent = 0;
        while (sender.TrySendTo([1], path.Serialize(), out _) == SocketError.Success)
            sent++;

        ValueTask<int> waiting = sender.SendToAsync(new byte[] { 2 }, path, SocketFlags.None, stop.Token);
        Assert.False(waiting.IsCompleted);
        byte[] buffer = new byte[1];
        for (int i = 0; i < sent; i++)
            Assert.Equal(1, await receiver.ReceiveAsync(buffer, stop.Token));
        await waiting;
        Assert.Equal(1, await receiver.ReceiveAsync(buffer, stop.Token));
        Assert.Equal(2, buffer[0]);
    }

    [Fact]
    public void A_full_receiver_is_waited_for_as_the_timeout_says()
    {
        UnixDomainSocketEndPoint path = new(Path.Combine(_folder, "full"));
        using NetworkSocket receiver = Network.Host.CreateSocket(AddressFamily.Unix, SocketType.Dgram);
        receiver.Bind(path);
        using NetworkSocket sender = Network.Host.CreateSocket(AddressFamily.Unix, SocketType.Dgram);
        while (sender.TrySendTo([1], path.Serialize(), out _) == SocketError.Success)
        {
        }

        sender.Timeout = TimeSpan.FromMilliseconds(20);
        Assert.Throws<SocketTimeoutException>(() => sender.SendTo([2], path));
        sender.Timeout = TimeSpan.Zero;
        Assert.Equal(SocketError.WouldBlock, Assert.Throws<SocketException>(() => sender.SendTo([2], path)).SocketErrorCode);
    }

    [Fact]
    public async Task A_missing_folder_and_a_missing_socket_are_named()
    {
        string missing = Path.Combine(_folder, "none", "s");
        SocketException e = await Assert.ThrowsAsync<SocketException>(async () => await Network.Host.ListenAsync($"unix://{missing}"));
        Assert.Contains($"the folder \"{Path.GetDirectoryName(missing)}\" does not exist", e.Message, StringComparison.Ordinal);
        e = await Assert.ThrowsAsync<SocketException>(async () => await Network.Host.ConnectAsync($"unix://{_folder}/s"));
        Assert.Contains("there is no such socket", e.Message, StringComparison.Ordinal);
    }
}
