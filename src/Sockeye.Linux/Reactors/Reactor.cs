using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Sockeye;

/// <summary>
/// A thread and the sockets that are its own. It drains its inbox, submits and waits once, runs those for whom something came, and begins anew.
/// </summary>
/// <remarks>
/// No <see cref="SynchronizationContext"/> is installed unless it is asked for: with one, .NET queues a continuation instead of running it where its bytes came in.
/// </remarks>
internal sealed class Reactor
{
    [ThreadStatic]
    private static Reactor? OfThisThread;

    private readonly ReactorBackend _backend;
    private readonly ConcurrentQueue<IThreadPoolWorkItem> _inbox = new();
    private readonly Queue<IThreadPoolWorkItem> _own = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ReactorContext? _context;
    private ExecutionContext? _clean;
    private int _asleep;
    private int _hasStarted;
    private volatile bool _stopping;
    private long _step;

    public Reactor(LinuxNetwork network, int index, ReactorBackend backend)
    {
        Network = network;
        Index = index;
        _backend = backend;
        backend.Owner = this;
        _context = network.Options.ResumeOnReactor ? new ReactorContext(this) : null;
    }

    /// <summary>The reactor whose thread this is.</summary>
    public static Reactor? Current => OfThisThread;

    public LinuxNetwork Network { get; }

    public int Index { get; }

    public ReactorBackend Backend => _backend;

    public HostPoller Poller => _backend.Poller;

    /// <summary>Changes with everything that it begins and ends; odd while it runs something.</summary>
    public long Step => Volatile.Read(ref _step);

    public void Start()
    {
        if (Interlocked.Exchange(ref _hasStarted, 1) == 0)
            new Thread(Run) { IsBackground = true, Name = $"Sockeye reactor {Index}" }.Start();
    }

    /// <summary>Runs <paramref name="work"/> on this thread, behind what is queued already; on the pool once the reactor has stopped.</summary>
    public void Queue(IThreadPoolWorkItem work)
    {
        if (OfThisThread == this)
        {
            _own.Enqueue(work);
            return;
        }

        _inbox.Enqueue(work);
        Wake();

        // It may have stopped before this came in, and looked for the last time.
        if (_ended.Task.IsCompleted)
            HandOver();
    }

    /// <summary>Ends the thread behind what it runs now; done when it has ended, or at once on the thread itself.</summary>
    public Task StopAsync()
    {
        _stopping = true;
        if (Interlocked.Exchange(ref _hasStarted, 1) == 0)
            End();
        Wake();
        return OfThisThread == this ? Task.CompletedTask : _ended.Task;
    }

    /// <summary>Ends its wait, if it waits; from any thread.</summary>
    public void Wake()
    {
        if (Volatile.Read(ref _asleep) != 0 && Interlocked.Exchange(ref _asleep, 0) != 0)
            _backend.Wake();
    }

    private void Run()
    {
        OfThisThread = this;
        SynchronizationContext.SetSynchronizationContext(_context);
        _clean = ExecutionContext.Capture();
        _backend.Begin();
        while (!_stopping)
        {
            RunQueued();
            bool waits = PrepareToSleep();
            SocketReadiness.Woken woken = default;
            _backend.Collect(waits, ref woken);
            if (waits)
                Volatile.Write(ref _asleep, 0);
            while (woken.TryTake(out IThreadPoolWorkItem? waiter))
                Run(waiter);
            _backend.EndTurn();
        }

        OfThisThread = null;
        End();
    }

    /// <summary>What is queued now: what that queues in turn comes behind the sockets, which would starve otherwise.</summary>
    private void RunQueued()
    {
        for (int left = _own.Count; left > 0; left--)
            Run(_own.Dequeue());
        for (int left = _inbox.Count; left > 0 && _inbox.TryDequeue(out IThreadPoolWorkItem? work); left--)
            Run(work);
    }

    /// <summary>False: something is queued. Whoever queues after this wakes the thread.</summary>
    private bool PrepareToSleep()
    {
        if (_own.Count > 0 || _stopping)
            return false;
        Volatile.Write(ref _asleep, 1);
        Interlocked.MemoryBarrier();
        if (_inbox.IsEmpty && !_stopping)
            return true;
        Volatile.Write(ref _asleep, 0);
        return false;
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever a callback throws must not end the other connections.")]
    private void Run(IThreadPoolWorkItem work)
    {
        Volatile.Write(ref _step, _step + 1);
        try
        {
            work.Execute();
        }
        catch (Exception e)
        {
            Network.Report(e);
        }

        Volatile.Write(ref _step, _step + 1);

        // What one connection has put into its context is none of the next one's business.
        if (_clean is not null && ExecutionContext.Capture() != _clean)
            ExecutionContext.Restore(_clean);
        if (SynchronizationContext.Current != _context)
            SynchronizationContext.SetSynchronizationContext(_context);
    }

    private void End()
    {
        _backend.Dispose();

        // Before anybody knows of the end: then others hand over as well, and this queue is no other thread's.
        while (_own.TryDequeue(out IThreadPoolWorkItem? own))
            ThreadPool.UnsafeQueueUserWorkItem(own, preferLocal: false);
        _ended.TrySetResult();
        HandOver();
    }

    /// <summary>Nothing that was queued is lost: the pool runs it.</summary>
    private void HandOver()
    {
        while (_inbox.TryDequeue(out IThreadPoolWorkItem? work))
            ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
    }
}
