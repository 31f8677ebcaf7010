using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Sockeye.Tests.Sockets;

/// <summary>
/// A connected stream whose peer never stops sending, until it is told to, on a network that keeps what it is to run until <see cref="RunNext"/>: no
/// thread takes part.
/// </summary>
internal sealed class DispatchingSocket() : NetworkSocket(new MemoryNetwork(), AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
{
    private readonly Channel<IThreadPoolWorkItem> _work = Channel.CreateUnbounded<IThreadPoolWorkItem>();
    private readonly SocketReadiness _readiness = new(inline: true);

    public bool HasBytes { get; set; } = true;

    /// <summary>How often a receive was tried.</summary>
    public int Receives { get; private set; }

    public int Waiting => _work.Reader.Count;

    protected internal override EndPoint? LocalEndPointCore => null;

    protected internal override EndPoint? RemoteEndPointCore => null;

    public void RunNext()
    {
        Assert.True(_work.Reader.TryRead(out IThreadPoolWorkItem? work), "there is nothing to run");
        work.Execute();
    }

    public Task HasWorkAsync() => _work.Reader.WaitToReadAsync().AsTask();

    protected internal override void DispatchCore(IThreadPoolWorkItem work) => _work.Writer.TryWrite(work);

    protected internal override SocketError TryReceiveCore(Span<byte> buffer, SocketFlags flags, out int count)
    {
        Receives++;
        count = HasBytes && !IsClosed ? 1 : 0;
        return IsClosed ? SocketError.OperationAborted : HasBytes ? SocketError.Success : SocketError.WouldBlock;
    }

    protected internal override SocketError TryReceiveFromCore(Span<byte> buffer, SocketFlags flags, SocketAddress? from, out DatagramResult result)
    {
        SocketError error = TryReceiveCore(buffer, flags, out int count);
        result = new DatagramResult(count, Truncated: false);
        return error;
    }

    protected internal override SocketError TrySendCore(ReadOnlySpan<byte> buffer, SocketFlags flags, out int count)
    {
        count = buffer.Length;
        return SocketError.Success;
    }

    protected internal override SocketError TrySendToCore(ReadOnlySpan<byte> buffer, SocketFlags flags, SocketAddress to, out int count) =>
        TrySendCore(buffer, flags, out count);

    protected internal override SocketError BindCore(EndPoint local) => SocketError.OperationNotSupported;

    protected internal override SocketError ListenCore(int backlog) => SocketError.OperationNotSupported;

    protected internal override SocketError TryAcceptCore(out NetworkSocket? socket)
    {
        socket = null;
        return SocketError.OperationNotSupported;
    }

    protected internal override SocketError TryConnectCore(EndPoint remote) => SocketError.OperationNotSupported;

    protected internal override SocketError TakeErrorCore() => SocketError.Success;

    protected internal override SocketEvents PollCore(SocketEvents events) => events;

    protected internal override bool WaitCore(SocketEvents events, TimeSpan? timeout) => true;

    protected internal override uint EpochCore(SocketEvents events) => _readiness.Epoch(events);

    protected internal override ValueTask<bool> WaitCoreAsync(SocketEvents events, uint epoch, TimeSpan? timeout, CancellationToken cancellationToken) =>
        _readiness.WaitAsync(events, epoch, timeout, Network.TimeProvider, cancellationToken);

    protected internal override void SignalCore(SocketEvents events) => _readiness.Signal(events);

    protected internal override SocketError ShutdownCore(SocketShutdown how) => SocketError.Success;

    protected internal override void CloseCore(bool reset) => _readiness.Close();

    protected internal override SocketError GetOptionCore(SocketOptionLevel level, SocketOptionName name, out int value)
    {
        value = 0;
        return SocketError.Success;
    }

    protected internal override SocketError SetOptionCore(SocketOptionLevel level, SocketOptionName name, int value) => SocketError.Success;
}
