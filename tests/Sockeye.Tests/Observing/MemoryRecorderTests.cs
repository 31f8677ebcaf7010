using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Observing;

public sealed class MemoryRecorderTests : IDisposable
{
    private readonly NetworkSocket _socket = Network.Host.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);

    public void Dispose() => _socket.Dispose();

    [Fact]
    public void What_comes_when_it_is_full_is_dropped_and_counted()
    {
        MemoryRecorder recorder = new(capacity: 2);
        recorder.Opened(_socket);
        recorder.Frame(_socket, 7);
        recorder.Reset(_socket);
        recorder.Sent(_socket, "x"u8, remote: null);
        Assert.Equal([SocketEventKind.Opened, SocketEventKind.Frame], recorder.Events.Select(happened => happened.Kind));
        Assert.Equal(7, recorder.Events[1].FrameLength);
        Assert.All(recorder.Events, happened => Assert.Equal((_socket, 1), (happened.Socket, happened.Number)));
        Assert.Equal(2, recorder.Dropped);
        recorder.Clear();
        recorder.Reset(_socket);
        Assert.Equal(SocketEventKind.Reset, Assert.Single(recorder.Events).Kind);
        Assert.Equal(2, recorder.Dropped);
    }

    [Fact]
    public void Bytes_are_bounded_too_and_copied()
    {
        MemoryRecorder recorder = new(capacity: 10, dataBytesMax: 5);
        byte[] data = [1, 2, 3];
        recorder.Received(_socket, data, remote: null);
        data[0] = 9;
        recorder.Received(_socket, data, remote: null);
        recorder.Received(_socket, data.AsSpan(0, 2), remote: null);
        recorder.Reset(_socket);
        Assert.Equal([[1, 2, 3], [9, 2], []], recorder.Events.Select(item => item.Data.ToArray()));
        Assert.Equal(1, recorder.Dropped);
    }

    [Fact]
    public async Task An_event_can_be_waited_for()
    {
        MemoryRecorder recorder = new();
        recorder.Opened(_socket);
        Assert.Equal(SocketEventKind.Opened, (await recorder.WaitAsync(item => item.Socket == _socket)).Kind);
        Task<SocketEvent> frame = recorder.WaitAsync(item => item.FrameLength == 2);
        recorder.Frame(_socket, 1);
        Assert.False(frame.IsCompleted);
        recorder.Frame(_socket, 2);
        Assert.Equal(2, (await frame).FrameLength);
    }

    [Fact]
    public async Task A_wait_can_be_cancelled_and_its_own_mistake_is_its_own()
    {
        MemoryRecorder recorder = new();
        using CancellationTokenSource stop = new();
        Task<SocketEvent> never = recorder.WaitAsync(_ => false, stop.Token);
        Task<SocketEvent> faulty = recorder.WaitAsync(_ => throw new InvalidDataException());
        recorder.Opened(_socket);
        await Assert.ThrowsAsync<InvalidDataException>(() => faulty);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => never);
    }

    [Fact]
    public void Several_observers_are_one()
    {
        MemoryRecorder one = new(), two = new(), three = new();
        Assert.Null(SocketObserver.Combine());
        Assert.Null(SocketObserver.Combine(null, null));
        Assert.Same(one, SocketObserver.Combine(null, one));
        SocketObserver all = SocketObserver.Combine(SocketObserver.Combine(one, two), three)!;
        Raise(all);
        Assert.Equal(Enum.GetValues<SocketEventKind>(), one.Events.Select(item => item.Kind));
        Assert.Equal(one.Events.Select(item => item.Kind), two.Events.Select(item => item.Kind));
        Assert.Equal(one.Events.Select(item => item.Kind), three.Events.Select(item => item.Kind));
    }

    /// <summary>Each event once, in the order of <see cref="SocketEventKind"/>.</summary>
    private void Raise(SocketObserver observer)
    {
        IPEndPoint endPoint = new(IPAddress.Loopback, 1);
        observer.Opened(_socket);
        observer.Joined(_socket, _socket, remote: null);
        observer.Bound(_socket, endPoint);
        observer.Listening(_socket);
        observer.Accepted(_socket, _socket);
        observer.Connecting(_socket, endPoint);
        observer.Connected(_socket, endPoint, TimeSpan.Zero);
        observer.Sent(_socket, default, remote: null);
        observer.Received(_socket, default, remote: null);
        observer.Handshaking(_socket, null!);
        observer.Handshaken(_socket, null!, TimeSpan.Zero);
        observer.Decrypted(_socket, default);
        observer.Encrypting(_socket, default);
        observer.Frame(_socket, 1);
        observer.HalfClosed(_socket, byPeer: true);
        observer.Reset(_socket);
        observer.Error(_socket, SocketError.TimedOut);
        observer.Faulted(_socket, new SocketFault(FaultKind.Cut));
        observer.Closed(_socket, aborted: true);
    }
}
