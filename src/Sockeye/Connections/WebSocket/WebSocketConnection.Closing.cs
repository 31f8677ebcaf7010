using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;

namespace Sockeye;

public sealed partial class WebSocketConnection
{
    private Task? _disposing;
    private Task? _failing;
    private WebSocketKeepAlive? _keepAlive;

    /// <summary>
    /// Closes in order: sends what is left and a Close frame, waits for the peer's Close, and closes the connection below; the server first (RFC 6455,
    /// section 7.1.1). It waits up to <see cref="StreamOptions.LingerTimeout"/> for the peer's Close, then as long as the connection below does. Idempotent.
    /// </summary>
    [SuppressMessage("Usage", "CA2215", Justification = "The first call does; the others get its task.")]
    public override ValueTask DisposeAsync()
    {
        if (Volatile.Read(ref _disposing) is { } disposing)
            return new ValueTask(disposing);
        TaskCompletionSource source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Interlocked.CompareExchange(ref _disposing, source.Task, null) is { } other)
            return new ValueTask(other);
        return new ValueTask(DisposeAsync(source));
    }

    /// <summary>Tells the peer what it did wrong, and closes (RFC 6455, section 7.1.7).</summary>
    internal Task FailAsync(WebSocketFailure failure)
    {
        _sender.PostClose(failure.Status);
        return _failing ??= FailAsync();

        async Task FailAsync()
        {
            try
            {
                await Inner.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (IsOfTheNetwork(e))
            {
                // It has gone before it was told.
            }
        }
    }

    private void GiveUp(TimeSpan silent)
    {
        SocketTimeoutException reason = new(
            $"{RemoteEndPoint} has said nothing for {silent.TotalSeconds:0.###} s, nor answered a ping: it is given up ({nameof(WebSocketOptions)}.{nameof(WebSocketOptions.KeepAliveTimeout)})");
        _receiver.Fail(reason);
        Abort(reason);
    }

    private static bool IsOfTheNetwork(Exception e) => e is SocketException or IOException or ProtocolException or OperationCanceledException;

    private async Task DisposeAsync(TaskCompletionSource source)
    {
        try
        {
            if ((IsOpen || _output.UnflushedBytes > 0) && _failing is null && !Inner.Closed.IsCancellationRequested)
                await CloseInOrderAsync().ConfigureAwait(false);
        }
        finally
        {
            _keepAlive?.Dispose();
            try
            {
                await base.DisposeAsync().ConfigureAwait(false);
            }
            finally
            {
                _receiver.End();
                _sender.Release();
                source.SetResult();
            }
        }
    }

    private async ValueTask CloseInOrderAsync()
    {
        TimeProvider time = Inner.Socket?.Network.TimeProvider ?? TimeProvider.System;
        using CancellationTokenSource limit = new(_lingerTimeout, time);
        using CancellationTokenRegistration closed = Inner.Closed.UnsafeRegister(static limit => ((CancellationTokenSource)limit!).Cancel(), limit);
        try
        {
            await _output.FinishAsync(limit.Token).ConfigureAwait(false);
            await _receiver.DrainAsync(limit.Token).ConfigureAwait(false);
            if (!IsServer)
                await _receiver.DrainBelowAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (IsOfTheNetwork(e))
        {
            // The peer has gone first, or takes too long; there is nothing left to deliver.
        }
    }
}
