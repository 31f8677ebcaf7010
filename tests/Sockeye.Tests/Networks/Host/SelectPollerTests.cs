using System.Net;
using System.Net.Sockets;
using Sockeye.Tests.Serving;

namespace Sockeye.Tests.Networks.Host;

/// <summary>Who stands in the table of the portable network: nobody for whom no call waits.</summary>
public sealed class SelectPollerTests : IDisposable
{
    private readonly HostNetwork _network = new(timeProvider: null, portable: true);
    private readonly HostSocket _socket;
    private readonly byte[] _buffer = new byte[10];

    public SelectPollerTests()
    {
        _socket = (HostSocket)_network.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    }

    private bool IsWaitedFor => SelectPoller.Shared.IsWaitedFor(_socket);

    public void Dispose() => _socket.Dispose();

    [Fact]
    public async Task A_wait_that_is_cancelled_is_forgotten()
    {
        for (int i = 0; i < 20; i++)
        {
            using CancellationTokenSource over = new();
            Task<int> receiving = _socket.ReceiveAsync(_buffer, over.Token).AsTask();
            Assert.True(IsWaitedFor);
            await over.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving.Within());
            Assert.False(IsWaitedFor);
        }

        await ReceiveAsync();
    }

    [Fact]
    public async Task So_is_one_whose_time_has_passed()
    {
        _socket.Timeout = TimeSpan.FromMilliseconds(1);
        await Assert.ThrowsAsync<SocketTimeoutException>(() => _socket.ReceiveAsync(_buffer).AsTask().Within());
        Assert.False(IsWaitedFor);
        _socket.Timeout = null;
        await ReceiveAsync();
    }

    [Fact]
    public async Task Another_wait_on_the_same_socket_goes_on()
    {
        using CancellationTokenSource over = new();
        SocketPoll[] polls = [new SocketPoll(_socket, SocketEvents.Priority)];
        Task<int> receiving = _socket.ReceiveAsync(_buffer).AsTask();
        Task<int> polling = _network.PollAsync(polls, timeout: null, over.Token).AsTask();
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => polling.Within());
        Assert.True(IsWaitedFor);
        Assert.False(receiving.IsCompleted);
        await SendAsync();
        Assert.Equal(3, await receiving.Within());
        Assert.False(IsWaitedFor);
    }

    [Fact]
    public async Task Cancelling_and_closing_at_once_leaves_nothing()
    {
        for (int i = 0; i < 50; i++)
        {
            HostSocket socket = (HostSocket)_network.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            using CancellationTokenSource over = new();
            Task<int> receiving = socket.ReceiveAsync(_buffer, over.Token).AsTask();
            Task cancelling = Task.Run(over.Cancel);
            socket.Dispose();
            await cancelling.Within();
            Exception end = await Assert.ThrowsAnyAsync<Exception>(() => receiving.Within());
            Assert.True(end is OperationCanceledException or SocketException, $"{end}");
            Assert.False(SelectPoller.Shared.IsWaitedFor(socket));
        }
    }

    private async Task SendAsync()
    {
        using NetworkSocket sender = _network.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
        await sender.SendToAsync("now"u8.ToArray(), _socket.LocalEndPoint!);
    }

    private async Task ReceiveAsync()
    {
        Task<int> receiving = _socket.ReceiveAsync(_buffer).AsTask();
        await SendAsync();
        Assert.Equal(3, await receiving.Within());
    }
}
