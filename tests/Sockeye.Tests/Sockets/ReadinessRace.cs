using System.Net.Sockets;

namespace Sockeye.Tests.Sockets;

/// <summary>Waits for a readiness on one thread, round after round, while another ends what waits in every way there is.</summary>
internal sealed class ReadinessRace(bool inline) : ISocketWaiter, IDisposable
{
    /// <summary>As good as passed when it begins.</summary>
    private static readonly TimeSpan Brief = TimeSpan.FromTicks(1);

    private readonly SemaphoreSlim _resumed = new(0);
    private volatile Round _round = new(new SocketReadiness(inline));
    private volatile bool _isOver;
    private SocketWait _wait;
    private int _waits;
    private int _resumptions;

    public ref SocketWait Wait => ref _wait;

    public void Execute()
    {
        Interlocked.Increment(ref _resumptions);
        _resumed.Release();
    }

    /// <summary>The other thread: it does one thing in each round, which has to end it, and sometimes one that comes too late for the round before.</summary>
    public void End()
    {
        Random random = new(1);
        Round last = _round;
        while (!_isOver)
        {
            Round round = _round;
            if (round == last)
            {
                Thread.Yield();
                continue;
            }

            if (random.Next(2) == 0)
                last.Cancelling.Cancel();
            last = round;
            switch (random.Next(8))
            {
                case 0:
                    round.Readiness.Close();
                    break;
                case < 4:
                    round.Cancelling.Cancel();
                    break;
                default:
                    round.Readiness.Signal(SocketEvents.Readable);
                    break;
            }
        }
    }

    public void Stop() => _isOver = true;

    public void Dispose() => _resumed.Dispose();

    public void Run(bool hasTimeout)
    {
        Round round = new(_round.Readiness.IsClosed ? new SocketReadiness(inline) : _round.Readiness);
        uint epoch = round.Readiness.Epoch(SocketEvents.Readable);
        _round = round;
        _wait.Token = round.Cancelling.Token;
        Task<bool> awaiting = round.Readiness.WaitAsync(SocketEvents.Readable, epoch, hasTimeout ? Brief : null, TimeProvider.System, round.Cancelling.Token).AsTask();
        SocketWaitOutcome outcome = round.Readiness.StartWait(this, SocketEvents.Readable, epoch);
        if (outcome == SocketWaitOutcome.Waiting)
        {
            _waits++;
            Assert.True(_resumed.Wait(Hang.Limit, CancellationToken.None), "A wait has not ended.");
        }

        Assert.True(outcome is SocketWaitOutcome.Waiting || outcome == _wait.Outcome);
        Check(round, epoch, _wait.Outcome, hasTimeout: false);
        Assert.True(((IAsyncResult)awaiting).AsyncWaitHandle.WaitOne(Hang.Limit), "A wait that is awaited has not ended.");
        Check(round, epoch, OutcomeOf(awaiting), hasTimeout);
    }

    /// <summary>Nobody was resumed without having waited.</summary>
    public void Check() => Assert.Equal(_waits, Volatile.Read(ref _resumptions));

    private static void Check(Round round, uint epoch, SocketWaitOutcome outcome, bool hasTimeout) => Assert.True(outcome switch
    {
        SocketWaitOutcome.Ready => round.Readiness.Epoch(SocketEvents.Readable) != epoch,
        SocketWaitOutcome.Cancelled => round.Cancelling.IsCancellationRequested,
        SocketWaitOutcome.Closed => round.Readiness.IsClosed,
        SocketWaitOutcome.TimedOut => hasTimeout,
        _ => false,
    });

    private static SocketWaitOutcome OutcomeOf(Task<bool> ended) => ended switch
    {
        { IsCanceled: true } => SocketWaitOutcome.Cancelled,
        { Exception.InnerException: SocketException { SocketErrorCode: SocketError.OperationAborted } } => SocketWaitOutcome.Closed,
        _ => ended.Result ? SocketWaitOutcome.Ready : SocketWaitOutcome.TimedOut,
    };

    private sealed class Round(SocketReadiness readiness)
    {
        public SocketReadiness Readiness => readiness;

        public CancellationTokenSource Cancelling { get; } = new();
    }
}
