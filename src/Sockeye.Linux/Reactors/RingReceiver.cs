using System.Net.Sockets;
using System.Runtime.InteropServices;
using Sockeye.Interop;

namespace Sockeye;

/// <summary>
/// What the ring receives for one connection: one request that completes again and again (io_uring's multishot receive), and the bytes that came and were not
/// read yet. It does not refer to the socket: the ring may hold it.
/// </summary>
/// <remarks>
/// A reader that waits borrows the slots one by one in the same turn, or takes the bytes out of them. What is left at the turn's end moves to memory of the connection, so that a
/// handler that does not read, or peers that drip, hold no slots; at <see cref="KeptMax"/> bytes receiving stops until they are read.
/// </remarks>
internal sealed class RingReceiver(RingBackend ring, SafeHandle descriptor, SocketReadiness readiness) : IThreadPoolWorkItem
{
    /// <summary>The most bytes that are received and not read yet, in bytes, before receiving stops; the last slot may go over it.</summary>
    public const int KeptMax = 64 * 1024;

    /// <summary>
    /// A connection that gets so much at a time, in bytes, reads for itself from then on: a call of its own takes all that is there at once, and pieces of a slot's size cost more
    /// than the calls that they save.
    /// </summary>
    public const int LargeMin = 8 * 1024;

    private BriefLock _lock = new();
    private SlotQueue _filled;
    private KeptBytes? _kept;
    private SocketError _error;
    private State _state;
    private ManualResetEventSlim? _stopped;
    private bool _lacksSlot;
    private bool _isLarge;
    private bool _hasEnded;
    private bool _isClosed;

    private enum State : byte
    {
        /// <summary>Whoever reads asks the kernel.</summary>
        Idle,

        /// <summary>The reactor is to request it.</summary>
        Asked,

        /// <summary>The kernel has the request.</summary>
        Armed,
    }

    public SafeHandle Descriptor => descriptor;

    public SocketReadiness Readiness => readiness;

    /// <summary>Where it is in the ring's table while a request is under way. The reactor's.</summary>
    public int Place { get; set; } = -1;

    public bool HasBytes
    {
        get
        {
            using (_lock.Enter())
                return _kept is not null || !_filled.IsEmpty || _hasEnded || _error != SocketError.Success;
        }
    }

    /// <summary>Whether the ring takes what comes, so that the kernel has nothing for others.</summary>
    public bool IsReceiving
    {
        get
        {
            using (_lock.Enter())
                return _state != State.Idle;
        }
    }

    /// <summary>Lends what came first, where it lies. Null: there is nothing in slots, or they are scarce: <see cref="TryTake"/> tells.</summary>
    public LentBytes? Lend()
    {
        using (_lock.Enter())
        {
            if (_kept is not null || !_filled.TryDequeue(out ReceiveSlot? slot))
                return null;
            if (ring.Buffers.TryLend(slot))
                return slot;
            Keep(slot);
            return null;
        }
    }

    /// <summary>Takes what came. False: nothing did, and the kernel is to be asked.</summary>
    public bool TryTake(Span<byte> buffer, out int count, out SocketError error)
    {
        using (_lock.Enter())
        {
            error = SocketError.Success;
            count = Take(buffer);
            if (count > 0)
                return true;
            if (_state != State.Idle)
            {
                error = SocketError.WouldBlock;
                return true;
            }

            bool hasEnded = _hasEnded;
            (error, _error, _hasEnded) = (_error, SocketError.Success, false);
            return hasEnded || error != SocketError.Success;
        }
    }

    /// <summary>Somebody waits for bytes; true: the reactor is to request them by <see cref="RingBackend.Request"/>.</summary>
    /// <param name="isToPoll">There was no slot the last time, or much comes at a time: this wait is for the kernel to say that there is something.</param>
    public bool TryAsk(out bool isToPoll)
    {
        using (_lock.Enter())
        {
            isToPoll = false;
            if (_isClosed || _state != State.Idle)
                return false;
            (isToPoll, _lacksSlot) = (_lacksSlot || _isLarge, false);
            if (!isToPoll)
                _state = State.Asked;
            return !isToPoll;
        }
    }

    /// <summary>The reactor requests it now; false: nobody wants it any more.</summary>
    public bool TryArm()
    {
        using (_lock.Enter())
        {
            if (_state != State.Asked)
                return false;
            _state = _isClosed ? State.Idle : State.Armed;
            return !_isClosed;
        }
    }

    /// <summary>Somebody on another thread has asked.</summary>
    public void Execute() => ring.Request(this);

    /// <summary>The request has completed once. True: somebody is to be told.</summary>
    /// <param name="completion">How.</param>
    /// <param name="filled">What it has filled; null for nothing.</param>
    public bool Complete(in RingCompletion completion, ReceiveSlot? filled)
    {
        ManualResetEventSlim? stopped;
        bool isToTell;
        using (_lock.Enter())
        {
            if (!completion.HasMore)
                _state = State.Idle;
            if (filled is not null)
            {
                if (_isClosed || filled.Length == 0)
                    ring.Buffers.Return(filled);
                else
                    _filled.Enqueue(filled);
                _isLarge |= filled.Length >= LargeMin;
            }

            // Cancelled, or no slot was left: who reads goes on with the kernel. An end of stream is told once here; the kernel tells it whoever asks behind that.
            _hasEnded = completion is { Result: 0, HasMore: false };
            _lacksSlot = completion.Result == -Errno.NoBuffers;
            if (completion.Result < 0 && -completion.Result is not (Errno.Cancelled or Errno.NoBuffers))
                _error = Errno.ToSocketError(-completion.Result);
            stopped = _state == State.Idle ? _stopped : null;
            isToTell = !_isClosed;
        }

        stopped?.Set();
        return isToTell;
    }

    /// <summary>The turn is over: slots go back. True: it has more than it may, or is to read for itself, and the request is to be cancelled.</summary>
    public bool Settle()
    {
        using (_lock.Enter())
        {
            KeepFilled();
            return (_isLarge || _kept?.Length >= KeptMax) && _state == State.Armed;
        }
    }

    /// <summary>Waits until the ring takes nothing more; what came until then is still here.</summary>
    public void Stop()
    {
        ManualResetEventSlim stopped;
        using (_lock.Enter())
        {
            // What was asked for from another thread comes to nothing.
            if (_state != State.Armed)
            {
                _state = State.Idle;
                return;
            }

            stopped = _stopped ??= new ManualResetEventSlim();
            stopped.Reset();
        }

        ring.Cancel(this);
        ring.WaitFor(stopped);
    }

    /// <summary>All that came and was not read, once it is stopped.</summary>
    public byte[] TakeAll()
    {
        using (_lock.Enter())
        {
            KeepFilled();
            byte[] all = _kept?.ToArray() ?? [];
            _kept = null;
            return all;
        }
    }

    /// <summary>The socket is closed: its slots go back, and so will those that are still filled.</summary>
    public void Close()
    {
        bool isReceiving;
        using (_lock.Enter())
        {
            _isClosed = true;
            while (_filled.TryDequeue(out ReceiveSlot? slot))
                ring.Buffers.Return(slot);
            _kept = null;
            isReceiving = _state == State.Armed;
        }

        if (isReceiving)
            ring.Cancel(this);
    }

    /// <summary>The ring is gone, and the request with it.</summary>
    public void Abandon()
    {
        ManualResetEventSlim? stopped;
        using (_lock.Enter())
        {
            _state = State.Idle;
            KeepFilled();
            stopped = _stopped;
        }

        stopped?.Set();
        readiness.Close();
    }

    private int Take(Span<byte> buffer)
    {
        int count = 0;
        if (_kept is not null)
        {
            count = _kept.Take(buffer);
            if (_kept.Length > 0)
                return count;
            _kept = null;
        }

        while (count < buffer.Length && _kept is null && _filled.TryDequeue(out ReceiveSlot? slot))
        {
            int part = Math.Min(slot.Length, buffer.Length - count);
            slot.Bytes[..part].CopyTo(buffer[count..]);
            count += part;
            Keep(slot, part);
        }

        return count;
    }

    private void KeepFilled()
    {
        while (_filled.TryDequeue(out ReceiveSlot? slot))
            Keep(slot);
    }

    /// <summary>Moves what a slot has from <paramref name="start"/> on to memory of the connection; the slot goes back.</summary>
    private void Keep(ReceiveSlot slot, int start = 0)
    {
        if (start < slot.Length)
            (_kept ??= new KeptBytes(KeptMax)).Add(slot.Bytes[start..]);
        ring.Buffers.Return(slot);
    }
}
