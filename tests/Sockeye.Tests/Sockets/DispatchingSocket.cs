using System.Net.Sockets;
using System.Threading.Channels;

namespace Sockeye.Tests.Sockets;

/// <summary>
/// A connected stream whose peer never stops sending or taking, until it is told to, on a network that keeps what it is to run until <see cref="RunNext"/>: no
/// thread takes part.
/// </summary>
internal sealed class DispatchingSocket() : StubSocket(new MemoryNetwork())
{
    private readonly Channel<IThreadPoolWorkItem> _work = Channel.CreateUnbounded<IThreadPoolWorkItem>();

    public bool HasBytes { get; set; } = true;

    /// <summary>How often a receive was tried.</summary>
    public int Receives { get; private set; }

    /// <summary>How often a send was tried: all is taken, unless told otherwise.</summary>
    public int Sends { get; private set; }

    public bool Takes { get; set; } = true;

    public int Waiting => _work.Reader.Count;

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

    protected internal override SocketError TrySendCore(ReadOnlySpan<byte> buffer, SocketFlags flags, out int count)
    {
        Sends++;
        count = Takes ? buffer.Length : 0;
        return IsClosed ? SocketError.OperationAborted : Takes ? SocketError.Success : SocketError.WouldBlock;
    }
}
