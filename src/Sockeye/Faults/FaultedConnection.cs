using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>One side of a link of faults. What is written to it goes through the flow of its direction; what is read is the side's own.</summary>
internal sealed class FaultedConnection : DelegatingConnection
{
    /// <summary>How long a side that is disposed of may take nothing of what waits for it: the default of <see cref="StreamOptions.LingerTimeout"/>.</summary>
    private static readonly TimeSpan StuckTimeout = TimeSpan.FromSeconds(2);

    private readonly FaultLink _link;
    private readonly FaultFlow _flow;
    private readonly FaultInput _input;
    private readonly FaultOutput _output;
    private readonly CancellationTokenRegistration _closedOutside;
    private Task? _disposing;
    private Exception? _abortReason;
    private volatile bool _isClosing;
    private volatile bool _wasAbortedInSilence;

    public FaultedConnection(FaultLink link, Connection inner, FaultFlow flow)
        : base(inner)
    {
        (_link, _flow) = (link, flow);
        _input = new FaultInput(this, inner, link);
        _output = new FaultOutput(this, inner, flow);
        _closedOutside = inner.Closed.UnsafeRegister(static state => ((FaultedConnection)state!).OnClosed(), this);
    }

    public override PipeReader Input => _input;

    public override PipeWriter Output => _output;

    /// <summary>Nothing more is to be read of it, or it was reset.</summary>
    public bool IsGone { get; set; }

    /// <summary>Why it was aborted, also while that waits behind what is delayed.</summary>
    public Exception? AbortReason => Volatile.Read(ref _abortReason);

    /// <summary>How many of the bytes that were written to it its peer has been sent, or will be.</summary>
    public long BytesPassedOn => _flow.BytesPassedOn;

    /// <summary>Ends reads and writes at once; the peer is reset behind what is on its way to it, and in silence not at all. A second time it is reset at once.</summary>
    public override void Abort(Exception? reason = null)
    {
        reason ??= SocketErrors.Create(SocketError.OperationAborted, "use", Socket?.Description);
        if (_link.Phase == FaultPhase.Silent && !_link.Released.IsCompleted && !_wasAbortedInSilence)
        {
            _wasAbortedInSilence = true;
            return;
        }

        // Who reads may learn of it before the connection below says so, and abort this side in turn.
        if (!_isClosing && Socket is { IsClosed: true })
            _link.ClosedOutside(reason);
        bool isFirst = Interlocked.CompareExchange(ref _abortReason, reason, null) is null;
        if (isFirst && _flow.TryAbortLater(reason))
            Inner.Input.CancelPendingRead();
        else
            CloseForGood(reason);
    }

    /// <summary>Lets a read look again at what has become of the link.</summary>
    public void Wake() => Inner.Input.CancelPendingRead();

    public void CloseNow(Exception? reason)
    {
        _isClosing = true;
        _flow.Stop(reason);
        Inner.Abort(reason);
    }

    /// <summary>In silence: its peer is reset, and whoever writes to it is not told.</summary>
    public void ResetAlone(Exception reason)
    {
        _isClosing = true;
        Inner.Abort(reason);
    }

    [SuppressMessage("Usage", "CA2215", Justification = "The connection below is disposed of when all has been passed on.")]
    public override ValueTask DisposeAsync()
    {
        TaskCompletionSource source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return Interlocked.CompareExchange(ref _disposing, source.Task, null) is { } disposing ? new ValueTask(disposing) : new ValueTask(FinishAsync(source));
    }

    private void CloseForGood(Exception reason)
    {
        CloseNow(reason);
        _link.Release();
    }

    private async Task FinishAsync(TaskCompletionSource source)
    {
        try
        {
            bool isOver = _link.Phase == FaultPhase.Silent || AbortReason is not null;
            if (isOver || _output.TryEndQueued())
                await _flow.FinishAsync(StuckTimeout).ConfigureAwait(false);
            _isClosing = true;
            await _closedOutside.DisposeAsync().ConfigureAwait(false);
            await Inner.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _link.Left();
            source.SetResult();
        }
    }

    private void OnClosed()
    {
        if (!_isClosing)
            _link.ClosedOutside(SocketErrors.Create(SocketError.OperationAborted, "use", Socket?.Description));
    }
}
