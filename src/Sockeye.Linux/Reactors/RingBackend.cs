using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Sockeye.Interop;

namespace Sockeye;

/// <summary>
/// A reactor's io_uring. Connections receive by it, into slots that all share; it waits for an epoll besides, which tells of everything else. One call of the system
/// a turn submits, waits and completes.
/// </summary>
internal sealed unsafe class RingBackend : ReactorBackend
{
    private const ulong WakeKey = 1;
    private const ulong EpollKey = 2;
    private const ulong CancelKey = 3;

    /// <summary>A receive's key: this bit, the generation of its place, and the place.</summary>
    private const ulong ReceiveKey = 1ul << 63;
    private const int GenerationShift = 32;

    private const ushort BufferGroup = 0;
    private const uint PollMultishot = 1;
    private const uint PollIn = 1;

    /// <summary>How often stopping lets the kernel go on until all requests have ended. More would mean that it never ends one.</summary>
    private const int EndingRoundsMax = 1000;

    /// <summary>How long a reactor that waits for another one lets its own ring rest, at most.</summary>
    private static readonly TimeSpan OthersTurn = TimeSpan.FromMilliseconds(1);

    private readonly RingPoller _poller;
    private readonly WakeEvent _wake = new();
    private readonly Ring _ring;
    private readonly RingPlaces _places = new();
    private readonly List<RingReceiver> _touched = [];
    private readonly List<SafeHandle> _held = [];
    private readonly ConcurrentQueue<RingReceiver> _toCancel = new();
    private SocketReadiness.Woken _early;
    private bool _watchesEpoll;
    private bool _watchesWake;
    private bool _hasEpollEvents;
    private volatile bool _isDisposed;

    /// <exception cref="SocketException">No descriptor is left, or no memory.</exception>
    public RingBackend(RingSizes sizes)
    {
        _poller = new RingPoller(this);
        _ring = Ring.TryCreate(sizes.Submissions, sizes.Completions, out int errno)
            ?? throw SocketErrors.Create(Errno.ToSocketError(errno), "start a reactor on io_uring");
        Buffers = new ReceiveBuffers(sizes.Slots, sizes.Poisons);
        if (_ring.RegisterBuffers(Buffers.Start, Buffers.Entries, BufferGroup) is not 0 and var refused)
        {
            Dispose();
            throw SocketErrors.Create(Errno.ToSocketError(refused), "give a reactor's io_uring its buffers");
        }
    }

    public override HostPoller Poller => _poller;

    public ReceiveBuffers Buffers { get; }

    public bool IsDisposed => _isDisposed;

    public bool IsOwnThread => Reactor.Current == Owner;

    public override void Begin()
    {
        // From here on it is this thread's; the kernel refuses that of a ring that is enabled already, and of nothing else.
        int refused = _ring.Enable();
        Debug.Assert(refused == 0);
    }

    public override void Collect(bool waits, ref SocketReadiness.Woken woken)
    {
        (woken, _early) = (_early, default);
        Advance(waits && woken.IsEmpty, ref woken);
    }

    public override void EndTurn()
    {
        foreach (RingReceiver receiver in _touched)
        {
            if (receiver.Settle())
                SubmitCancel(receiver);
        }

        _touched.Clear();
    }

    public override void Wake() => _wake.Set();

    /// <summary>
    /// Waits on this thread for what this ring is to do. A reactor's own thread lets its own ring go on meanwhile, whichever that is: two reactors that wait for each other would
    /// wait for ever. Who is woken by that runs in its next turn.
    /// </summary>
    public void WaitFor(ManualResetEventSlim done)
    {
        if (Reactor.Current?.Backend is not RingBackend own)
        {
            done.Wait();
            return;
        }

        while (!done.IsSet)
        {
            own.Advance(waits: own == this, ref own._early);
            if (own != this)
                done.Wait(OthersTurn);
        }
    }

    /// <summary>Requests what is received, from any thread.</summary>
    public void Ask(RingReceiver receiver)
    {
        if (IsOwnThread)
            Request(receiver);
        else
            Owner.Queue(receiver);
    }

    /// <summary>Ends what is received, from any thread: the request completes a last time.</summary>
    public void Cancel(RingReceiver receiver)
    {
        if (IsOwnThread)
        {
            SubmitCancel(receiver);
            return;
        }

        _toCancel.Enqueue(receiver);
        Owner.Wake();
    }

    /// <summary>On the reactor's thread.</summary>
    public void Request(RingReceiver receiver)
    {
        if (_isDisposed)
        {
            // Asked for before the end, and looked at behind it.
            receiver.Abandon();
            return;
        }

        if (!receiver.TryArm())
            return;

        // The kernel looks at the number when it is submitted: until then nobody may close it and have another get it.
        bool isHeld = false;
        try
        {
            receiver.Descriptor.DangerousAddRef(ref isHeld);
        }
        catch (ObjectDisposedException)
        {
            receiver.Abandon();
            return;
        }

        _held.Add(receiver.Descriptor);
        RingEntry* entry = _ring.Next();
        entry->Operation = RingOperation.Receive;
        entry->Flags = RingEntry.SelectBuffer;
        entry->Priority = RingEntry.ReceiveMultishot;
        entry->Descriptor = (int)receiver.Descriptor.DangerousGetHandle();
        entry->BufferGroup = BufferGroup;
        entry->UserData = KeyOf(_places.Add(receiver));
        if (Owner.Network.Faults?.IsCancelled() == true)
            SubmitCancel(receiver);
    }

    /// <summary>Ends every request, and gives the memory back only when the kernel has none left that could write to it.</summary>
    public override void Dispose()
    {
        foreach (RingReceiver receiver in _places.All())
            SubmitCancel(receiver);
        SocketReadiness.Woken ended = default;
        for (int round = 0; _places.Count > 0 && round < EndingRoundsMax; round++)
            Advance(waits: true, ref ended);
        EndTurn();
        _isDisposed = true;
        while (ended.TryTake(out IThreadPoolWorkItem? waiter))
            ThreadPool.UnsafeQueueUserWorkItem(waiter, preferLocal: false);
        foreach (RingReceiver receiver in _places.All())
            receiver.Abandon();
        bool hasEnded = _places.Count == 0;
        _poller.Close();
        _ring.Dispose();
        _wake.Dispose();
        if (hasEnded)
            Buffers.Dispose();
    }

    private void Advance(bool waits, ref SocketReadiness.Woken woken)
    {
        while (_toCancel.TryDequeue(out RingReceiver? receiver))
            SubmitCancel(receiver);
        WatchAll();
        _ring.Enter(waits);
        ReleaseHeld();
        int first = _touched.Count;
        while (_ring.TryComplete(out RingCompletion completion))
            Complete(completion);
        for (int i = _touched.Count - 1; i >= first; i--)
            woken.Signal(_touched[i].Readiness, SocketEvents.Readable);
        while (_hasEpollEvents)
            _hasEpollEvents = _poller.Collect(waits: false, ref woken) == ReactorPoller.BatchMax;
    }

    private void Complete(in RingCompletion completion)
    {
        switch (completion.UserData)
        {
            case WakeKey:
                _watchesWake = completion.HasMore;
                break;
            case EpollKey:
                _watchesEpoll = completion.HasMore;
                _hasEpollEvents = true;
                break;
            case CancelKey:
                break;
            default:
                CompleteReceive(completion);
                break;
        }
    }

    private void CompleteReceive(in RingCompletion completion)
    {
        ReceiveSlot? filled = completion.Buffer is { } slot ? Buffers.Take(slot, Math.Max(completion.Result, 0)) : null;
        int place = (int)(uint)completion.UserData;
        if (_places.Find(place, (uint)(completion.UserData >> GenerationShift) & RingPlaces.GenerationMask) is not { } receiver)
        {
            if (filled is not null)
                Buffers.Return(filled);
            return;
        }

        if (!completion.HasMore)
            _places.Remove(receiver);

        // Also if it was touched in this turn before: its reader may wait again.
        if (receiver.Complete(completion, filled))
            _touched.Add(receiver);
    }

    private void SubmitCancel(RingReceiver receiver)
    {
        if (receiver.Place < 0)
            return;
        RingEntry* entry = _ring.Next();
        entry->Operation = RingOperation.Cancel;
        entry->Address = KeyOf(receiver.Place);
        entry->UserData = CancelKey;
    }

    private ulong KeyOf(int place) => ReceiveKey | ((ulong)_places.GenerationOf(place) << GenerationShift) | (uint)place;

    /// <summary>Both tell every change until the kernel ends them, when completions come too thick for instance.</summary>
    private void WatchAll()
    {
        if (!_watchesWake)
            Watch(_wake.Descriptor, WakeKey);
        if (!_watchesEpoll)
            Watch(_poller.Epoll, EpollKey);
        _watchesWake = _watchesEpoll = true;
    }

    private void Watch(SafeHandle file, ulong key)
    {
        RingEntry* entry = _ring.Next();
        entry->Operation = RingOperation.PollAdd;
        entry->Descriptor = (int)file.DangerousGetHandle();
        entry->Length = PollMultishot;
        entry->OperationFlags = PollIn;
        entry->UserData = key;
    }

    private void ReleaseHeld()
    {
        if (_held.Count == 0 || _ring.HasUnsubmitted)
            return;
        foreach (SafeHandle handle in _held)
            handle.DangerousRelease();
        _held.Clear();
    }
}
