using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sockeye;

// What a network supplies. None of these throws for what the network did, and only the two waits wait. A socket that another thread closes in the
// middle of a try may throw ObjectDisposedException: callers here make it SocketError.OperationAborted.
public abstract partial class NetworkSocket
{
    /// <summary>See <see cref="LocalEndPoint"/>.</summary>
    protected internal abstract EndPoint? LocalEndPointCore { get; }

    /// <summary>See <see cref="RemoteEndPoint"/>.</summary>
    protected internal abstract EndPoint? RemoteEndPointCore { get; }

    /// <summary>Binds.</summary>
    protected internal abstract SocketError BindCore(EndPoint local);

    /// <summary>Binds to a name the network chooses. The default does nothing: only Unix sockets of a host need it.</summary>
    protected internal virtual SocketError BindAutomaticallyCore() => SocketError.Success;

    /// <summary>Starts to take connections.</summary>
    protected internal abstract SocketError ListenCore(int backlog);

    /// <summary>Takes one connection if there is one, else <see cref="SocketError.WouldBlock"/>.</summary>
    protected internal abstract SocketError TryAcceptCore(out NetworkSocket? socket);

    /// <summary>Begins to connect: Success, <see cref="SocketError.InProgress"/> (then wait for writable) or why not.</summary>
    protected internal abstract SocketError TryConnectCore(EndPoint remote);

    /// <summary>Receives what is there; (Success, 0) on a stream is its end.</summary>
    protected internal abstract SocketError TryReceiveCore(Span<byte> buffer, SocketFlags flags, out int count);

    /// <summary>Lends the next bytes of a connection that the network has received ahead, without a copy. The default, null, has none: the caller tries to receive.</summary>
    internal virtual LentBytes? BorrowCore() => null;

    /// <summary>Receives one message, where from, and whether it was cut. <paramref name="from"/> null: not wanted.</summary>
    protected internal abstract SocketError TryReceiveFromCore(Span<byte> buffer, SocketFlags flags, SocketAddress? from, out DatagramResult result);

    /// <summary>Sends what fits now.</summary>
    protected internal abstract SocketError TrySendCore(ReadOnlySpan<byte> buffer, SocketFlags flags, out int count);

    /// <summary>Sends one message to <paramref name="to"/>.</summary>
    protected internal abstract SocketError TrySendToCore(ReadOnlySpan<byte> buffer, SocketFlags flags, SocketAddress to, out int count);

    /// <summary>Takes the pending error (SO_ERROR): Success for none. After a connect in progress: how it ended.</summary>
    protected internal abstract SocketError TakeErrorCore();

    /// <summary>Which of <paramref name="events"/> are ready now; errors and hang-ups unasked.</summary>
    protected internal abstract SocketEvents PollCore(SocketEvents events);

    /// <summary>Waits on this thread; false: the time has passed.</summary>
    protected internal abstract bool WaitCore(SocketEvents events, TimeSpan? timeout);

    /// <summary>
    /// How often <paramref name="events"/>, errors and hang-ups were signalled so far, modulo 2^32. Read before a try and given to the wait that
    /// follows, it closes the gap between the two: see <see cref="SocketReadiness"/>.
    /// </summary>
    protected internal abstract uint EpochCore(SocketEvents events);

    /// <summary>
    /// Waits without a thread; false: the time has passed. Returns at once if <see cref="EpochCore"/> is not <paramref name="epoch"/> any more. May
    /// return early: the caller tries again.
    /// </summary>
    protected internal abstract ValueTask<bool> WaitCoreAsync(SocketEvents events, uint epoch, TimeSpan? timeout, CancellationToken cancellationToken);

    /// <summary>
    /// As <see cref="WaitCoreAsync"/>, without a timeout and for one who is resumed itself: see <see cref="SocketReadiness.StartWait"/>. The default, null, is for networks that
    /// know awaiting only.
    /// </summary>
    internal virtual SocketWaitOutcome? StartWaitCore(ISocketWaiter waiter, SocketEvents events, uint epoch) => null;

    /// <summary>Resumes who waits for these events, as if they were ready; they try again and may wait again.</summary>
    protected internal abstract void SignalCore(SocketEvents events);

    /// <summary>
    /// Runs <paramref name="work"/> where this socket's calls resume, behind what is to run there already, and never within this call: handlers start by
    /// it, and a reader that never has to wait gives way by it. Also after the socket was closed. The default is the thread pool; a reactor queues it
    /// to its own thread, a simulation behind the events of the moment.
    /// </summary>
    protected internal virtual void DispatchCore(IThreadPoolWorkItem work) => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);

    /// <summary>Ends directions.</summary>
    protected internal abstract SocketError ShutdownCore(SocketShutdown how);

    /// <summary>Closes, with a reset or in order, and ends what waits. Called once.</summary>
    protected internal abstract void CloseCore(bool reset);

    /// <summary>Reads an option by its portable name.</summary>
    protected internal abstract SocketError GetOptionCore(SocketOptionLevel level, SocketOptionName name, out int value);

    /// <summary>Sets an option by its portable name.</summary>
    protected internal abstract SocketError SetOptionCore(SocketOptionLevel level, SocketOptionName name, int value);

    /// <summary>Sets a multicast membership; <paramref name="interfaceIndex"/> 0 lets the network choose.</summary>
    protected internal virtual SocketError SetMembershipCore(IPAddress group, int interfaceIndex, bool join) => SocketError.OperationNotSupported;

    /// <summary>Reads an option by the platform's numbers.</summary>
    protected internal virtual SocketError GetRawOptionCore(int level, int name, Span<byte> value, out int length)
    {
        length = 0;
        return SocketError.OperationNotSupported;
    }

    /// <summary>Sets an option by the platform's numbers.</summary>
    protected internal virtual SocketError SetRawOptionCore(int level, int name, ReadOnlySpan<byte> value) => SocketError.OperationNotSupported;

    /// <summary>Sends gathered buffers as one call. The default copies them together.</summary>
    protected internal virtual SocketError TrySendManyCore(IReadOnlyList<ReadOnlyMemory<byte>> buffers, SocketFlags flags, out int count) =>
        GatherScatter.Send(this, buffers, flags, out count);

    /// <summary>Receives into several buffers as one call. The default copies them apart.</summary>
    protected internal virtual SocketError TryReceiveManyCore(IReadOnlyList<Memory<byte>> buffers, SocketFlags flags, out int count) =>
        GatherScatter.Receive(this, buffers, flags, out count);

    /// <summary>Sends descriptors with data (SCM_RIGHTS). The default knows none.</summary>
    protected internal virtual SocketError TrySendDescriptorsCore(ReadOnlySpan<byte> data, ReadOnlySpan<SafeHandle> descriptors, out int count) =>
        throw new PlatformNotSupportedException("Descriptors pass between processes only through Unix sockets of a Linux host network.");

    /// <summary>Receives descriptors with data (SCM_RIGHTS). The default knows none.</summary>
    protected internal virtual SocketError TryReceiveDescriptorsCore(Span<byte> buffer, int max, out DescriptorResult result) =>
        throw new PlatformNotSupportedException("Descriptors pass between processes only through Unix sockets of a Linux host network.");

    /// <summary>Who the peer is. The default knows nobody.</summary>
    protected internal virtual PeerCredentials PeerCredentialsCore =>
        throw new PlatformNotSupportedException("Only Unix sockets of a Linux host network know their peer's process (SO_PEERCRED).");

    /// <summary>The kernel's view of a TCP connection. The default has none.</summary>
    protected internal virtual TcpInfo TcpInfoCore =>
        throw new PlatformNotSupportedException("TCP_INFO is read from TCP sockets of a Linux host network only.");

    /// <summary>Whether nobody need ask for <see cref="TcpInfoCore"/>: to be told so by an exception costs more than the answer.</summary>
    internal virtual bool LacksTcpInfo => false;

    /// <summary>
    /// Takes what the network has received ahead for the connection that has this socket, and lets it receive no more so. The default receives nothing ahead.
    /// </summary>
    internal virtual byte[] TakeReceivedAhead() => [];

    /// <summary>Gives up the handle. The default has none.</summary>
    protected internal virtual SafeSocketHandle DetachCore() =>
        throw new PlatformNotSupportedException("This network's sockets have no handle of the operating system.");
}
