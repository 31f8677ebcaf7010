using System.IO.Pipelines;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>Writes the pieces of one direction as the plan of the moment says: in slices, at a rate. One piece at a time.</summary>
internal sealed class FaultWriter(FaultFlow flow, FaultLink link, Connection sink, CancellationToken stop)
{
    private readonly Lock _lock = new();
    private readonly FaultLine _line = new();
    private volatile bool _isWaiting;
    private TimeSpan? _patience;
    private ITimer? _stuck;
    private bool _hasNoDelay;

    /// <summary>Whether each write is a message, and must not be cut.</summary>
    public bool KeepsMessages { get; } = sink.Socket?.SocketType == SocketType.Seqpacket;

    /// <summary>Whether the network takes nothing at this moment.</summary>
    public bool IsWaiting => _isWaiting;

    /// <summary>Writes as many as may go at once; gives how many.</summary>
    /// <param name="bytes">One piece, or several merged, or the rest of it.</param>
    /// <param name="ready">Since when they could have been written.</param>
    /// <exception cref="OperationCanceledException">The flow was stopped.</exception>
    public async ValueTask<int> WriteAsync(ReadOnlyMemory<byte> bytes, TimeSpan ready)
    {
        DirectionFaults faults = flow.Faults;
        int count = bytes.Length;
        if (faults.Slice is { } slice && slice < count)
        {
            count = slice;
            link.Control.Counts.Count(FaultKind.Sliced);
            SendAtOnce();
        }

        if (faults.Rate is { } rate)
        {
            count = KeepsMessages ? count : Math.Min(count, FaultLine.PartOf(rate));
            await UntilAsync(_line.Send(count, rate, ready, link.Now)).ConfigureAwait(false);
        }

        stop.ThrowIfCancellationRequested();
        ValueTask<FlushResult> writing = sink.Output.WriteAsync(bytes[..count], CancellationToken.None);
        FlushResult result = writing.IsCompleted ? await writing.ConfigureAwait(false) : await WaitAsync(writing).ConfigureAwait(false);

        // A flush that went by itself was to be cancelled, and this came in its place.
        while (result.IsCanceled)
            result = await sink.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        return count;
    }

    public async ValueTask UntilAsync(TimeSpan due)
    {
        while (due - link.Now is var left && left > TimeSpan.Zero)
            await Task.Delay(FaultLink.Whole(left), link.Time, stop).ConfigureAwait(false);
    }

    /// <summary>The side is disposed of: from here on it may not keep a write waiting for ever.</summary>
    public void GiveUpAfter(TimeSpan patience)
    {
        lock (_lock)
        {
            _patience = patience;
            WatchWaiting();
        }
    }

    private async ValueTask<FlushResult> WaitAsync(ValueTask<FlushResult> writing)
    {
        lock (_lock)
        {
            _isWaiting = true;
            WatchWaiting();
        }

        try
        {
            return await writing.ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                _isWaiting = false;
                _stuck?.Dispose();
                _stuck = null;
            }
        }
    }

    private void WatchWaiting()
    {
        if (_isWaiting && _patience is { } patience)
            _stuck ??= link.Time.CreateTimer(_ => flow.Side.CloseNow(reason: null), null, patience, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Slices that the kernel joins again before it sends them would be none.</summary>
    private void SendAtOnce()
    {
        if (_hasNoDelay)
            return;
        _hasNoDelay = true;
        if (sink.Socket is { SocketType: SocketType.Stream, AddressFamily: not AddressFamily.Unix } socket)
            socket.NoDelay = true;
    }
}
