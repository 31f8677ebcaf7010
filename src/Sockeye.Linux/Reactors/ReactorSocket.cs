using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Sockeye.Interop;

namespace Sockeye;

/// <summary>A socket of one reactor: who waits for it goes on there.</summary>
internal sealed class ReactorSocket : LinuxHostSocket
{
    private RingReceiver? _receiver;
    private bool _isDrained;
    private uint _drainedEpoch;
    private Fault _drawn;

    public ReactorSocket(LinuxNetwork network, Socket socket, Reactor reactor, AddressFamily family, SocketType type, ProtocolType protocol)
        : base(network, socket, family, type, protocol) => Reactor = reactor;

    public ReactorSocket(LinuxNetwork network, Descriptor descriptor, Reactor reactor, AddressFamily family, SocketType type, ProtocolType protocol)
        : base(network, descriptor, family, type, protocol) => Reactor = reactor;

    /// <summary>Forgotten without being closed: the ring, which holds what it receives for it, lets go of the descriptor. Then that is collected too, and closed.</summary>
    [SuppressMessage("Design", "MA0055", Justification = "The descriptor has a finalizer, and it cannot run while the ring holds it.")]
    ~ReactorSocket() => _receiver?.Close();

    public Reactor Reactor { get; }

    /// <summary>Whether it is one of several listeners at one address, each on a reactor of its own.</summary>
    public bool IsShard { get; set; }

    /// <summary>Whether it is a listener's, which waits where a try finds nothing.</summary>
    public bool IsOfListener { get; set; }

    /// <summary>Whether a connection reads it, which waits where a try finds nothing: then bytes may be received ahead.</summary>
    public bool Receives => IsTaken && SocketType == SocketType.Stream;

    private protected override HostPoller Poller => Reactor.Poller;

    /// <summary>What the ring receives for it.</summary>
    public RingReceiver ReceiveBy(RingBackend ring) => _receiver ??= new RingReceiver(ring, Descriptor, Readiness);

    internal override bool IsToWaitFirst() => base.IsToWaitFirst() && _receiver is not { HasBytes: true };

    /// <summary>A request that is under way keeps it open.</summary>
    private protected override bool EndsByClosingCore => base.EndsByClosingCore && _receiver is not { IsReceiving: true };

    protected internal override void DispatchCore(IThreadPoolWorkItem work) => Reactor.Queue(work);

    protected internal override SocketError TryReceiveCore(Span<byte> buffer, SocketFlags flags, out int count)
    {
        int length = buffer.Length;
        if (Reactor.Network.Faults is { } faults && IsToTryLater(faults, SocketEvents.Readable, ref length))
        {
            count = 0;
            return SocketError.WouldBlock;
        }

        buffer = buffer[..length];
        if (_receiver is not null && flags == SocketFlags.None && _receiver.TryTake(buffer, out count, out SocketError error))
            return error;
        return ReceiveUnlessDrained(buffer, flags, out count);
    }

    internal override LentBytes? BorrowCore()
    {
        if (_receiver is not { } receiver)
            return null;
        if (Reactor.Network.Faults is not { } faults)
            return receiver.Lend();

        // The receive that follows meets what is to happen; where bytes are lent none does.
        _drawn = Draw(faults);
        LentBytes? lent = _drawn == Fault.None ? receiver.Lend() : null;
        if (lent is not null)
            _drawn = Fault.NotDrawn;
        return lent;
    }

    protected internal override SocketError TryAcceptCore(out NetworkSocket? socket)
    {
        if (IsOfListener && Reactor.Network.Faults is { } faults && faults.SaysAgain())
        {
            SignalLater(SocketEvents.Readable);
            socket = null;
            return SocketError.WouldBlock;
        }

        return base.TryAcceptCore(out socket);
    }

    protected internal override SocketError TrySendCore(ReadOnlySpan<byte> buffer, SocketFlags flags, out int count)
    {
        int length = buffer.Length;
        if (Reactor.Network.Faults is { } faults && IsToTryLater(faults, SocketEvents.Writable, ref length))
        {
            count = 0;
            return SocketError.WouldBlock;
        }

        return base.TrySendCore(buffer[..length], flags, out count);
    }

    internal override SocketError TryReceiveBatchCore(DatagramBatch batch)
    {
        int max = batch.DatagramsMax;
        if (Reactor.Network.Faults is { } faults && IsToTryLaterBy(faults, SocketEvents.Readable, ref max))
            return SocketError.WouldBlock;

        // A batch with room left has found the end of what was there: what comes later is signalled, as for the bytes of a connection.
        if (IsDrained(out uint epoch))
            return SocketError.WouldBlock;
        SocketError error = TryReceiveBatch(batch, max);
        NoteDrained(PollKey >= 0 && (error == SocketError.WouldBlock || (error == SocketError.Success && batch.Count < max)), epoch);
        return error;
    }

    internal override SocketError TrySendBatchCore(DatagramBatch batch, int first, int end, out int sent)
    {
        int max = end - first;
        if (Reactor.Network.Faults is { } faults && IsToTryLaterBy(faults, SocketEvents.Writable, ref max))
        {
            sent = 0;
            return SocketError.WouldBlock;
        }

        return base.TrySendBatchCore(batch, first, first + max, out sent);
    }

    protected internal override SocketEvents PollCore(SocketEvents events)
    {
        SocketEvents found = base.PollCore(events);
        return _receiver is { HasBytes: true } ? found | (events & SocketEvents.Readable) : found;
    }

    [SuppressMessage("Usage", "CA1816", Justification = "Closing is disposing: a connection closes its socket by this alone.")]
    protected internal override void CloseCore(bool reset)
    {
        base.CloseCore(reset);

        // The request keeps the connection open until it has ended.
        _receiver?.Close();
        GC.SuppressFinalize(this);
    }

    /// <summary>What was received ahead, for whoever goes on with the bare socket.</summary>
    internal override byte[] TakeReceivedAhead()
    {
        if (_receiver is not { } receiver)
            return [];
        receiver.Stop();
        _receiver = null;
        return receiver.TakeAll();
    }

    protected override bool WaitThread(SocketEvents events, TimeSpan? timeout)
    {
        if (_receiver is { } receiver && (events & SocketEvents.Readable) != 0)
        {
            receiver.Stop();
            if (receiver.HasBytes)
                return true;
        }

        bool isReady = base.WaitThread(events, timeout);

        // This thread was faster than the reactor, or is the reactor's.
        _isDrained = false;
        return isReady;
    }

    /// <summary>What the tests have the kernel do to a connection: it is told to try later, with the event that follows such an answer, or moves one byte.</summary>
    private bool IsToTryLater(ReactorFaults faults, SocketEvents events, ref int length) =>
        Receives && length > 0 && IsToTryLaterBy(faults, events, ref length);

    /// <summary>The same of a batch of datagrams, of which one moves.</summary>
    private bool IsToTryLaterBy(ReactorFaults faults, SocketEvents events, ref int length)
    {
        Fault fault = Fault.NotDrawn;
        if (events == SocketEvents.Readable)
            (fault, _drawn) = (_drawn, fault);
        if (fault == Fault.NotDrawn)
            fault = Draw(faults);
        if (fault == Fault.Again)
            SignalLater(events);
        else if (fault == Fault.Short)
            length = 1;
        return fault == Fault.Again;
    }

    private static Fault Draw(ReactorFaults faults) => faults.SaysAgain() ? Fault.Again : faults.IsShort() ? Fault.Short : Fault.None;

    private void SignalLater(SocketEvents events) => Reactor.Queue(new Signalling(this, events));

    /// <summary>
    /// Saves the call that would find nothing: after a receive that stopped short of its buffer, what comes later is signalled (epoll(7), edge-triggered), so until then
    /// there is nothing. Only for a connection, which waits then; who tries for itself shall hear what the kernel says.
    /// </summary>
    private SocketError ReceiveUnlessDrained(Span<byte> buffer, SocketFlags flags, out int count)
    {
        if (IsDrained(out uint epoch) && IsTaken)
        {
            count = 0;
            return SocketError.WouldBlock;
        }

        bool mayTrust = Receives && flags == SocketFlags.None && PollKey >= 0;
        bool stoppedAtControl = false;
        SocketError error = mayTrust && AddressFamily == AddressFamily.Unix
            ? LibC.ReceiveBytes(Descriptor, buffer, out count, out stoppedAtControl)
            : base.TryReceiveCore(buffer, flags, out count);
        bool isAll = error == SocketError.WouldBlock || (error == SocketError.Success && count > 0 && count < buffer.Length && !stoppedAtControl);
        NoteDrained(mayTrust && isAll, epoch);
        return error;
    }

    /// <summary>Whether nothing was left, and nothing was signalled since.</summary>
    /// <param name="epoch">Read before the receive that follows, for <see cref="NoteDrained"/> behind it.</param>
    private bool IsDrained(out uint epoch)
    {
        epoch = Readiness.Epoch(SocketEvents.Readable);
        return _isDrained && epoch == _drainedEpoch;
    }

    private void NoteDrained(bool isAll, uint epoch)
    {
        _isDrained = isAll && Readiness.HasOnlyData;
        _drainedEpoch = epoch;
    }

    private enum Fault : byte
    {
        NotDrawn,
        None,
        Again,
        Short,
    }

    private sealed class Signalling(ReactorSocket socket, SocketEvents events) : IThreadPoolWorkItem
    {
        public void Execute() => socket.SignalCore(events);
    }
}
