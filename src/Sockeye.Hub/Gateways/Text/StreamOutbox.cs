using System.IO.Pipelines;

namespace Sockeye.Hub.Gateways.Text;

/// <summary>
/// What waits to be sent to one stream client: bytes by reference, as all who read the same have the same. Bounded: what is beyond the bound is not taken, and the
/// client, when it has caught up, is told what it missed. It holds nothing while nothing waits.
/// </summary>
internal sealed class StreamOutbox(PipeWriter output, int messagesMax, int bytesMax)
{
    private readonly Lock _lock = new();
    private Queue<ReadOnlyMemory<byte>>? _waiting;
    private long _waitingBytes;
    private bool _isSending;
    private bool _hasEnded;

    /// <summary>All that waited is with the network, and something had not been taken meanwhile. Called from any thread, not for each message.</summary>
    public Action? CaughtUp { get; init; }

    /// <summary>The connection cannot be written to any more.</summary>
    public Action<Exception>? Failed { get; init; }

    /// <summary>Whether something was not taken since the last <see cref="Resume"/>.</summary>
    public bool IsBehind { get; private set; }

    /// <summary>Takes bytes for sending.</summary>
    /// <returns>False: too much waits, and nothing is taken until <see cref="Resume"/>.</returns>
    public bool TryAdd(ReadOnlyMemory<byte> bytes)
    {
        lock (_lock)
        {
            if (IsBehind || _hasEnded)
                return false;
            if (_waiting?.Count >= messagesMax || _waitingBytes + bytes.Length > bytesMax)
            {
                IsBehind = true;
                return false;
            }

            (_waiting ??= new Queue<ReadOnlyMemory<byte>>(4)).Enqueue(bytes);
            _waitingBytes += bytes.Length;
            return true;
        }
    }

    /// <summary>Takes bytes again.</summary>
    public void Resume()
    {
        lock (_lock)
            IsBehind = false;
    }

    /// <summary>Sends what waits, here as far as the network takes it at once. One send at a time: what comes meanwhile goes with the next.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            if (_isSending || _waiting is null)
                return;
            _isSending = true;
        }

        _ = SendAsync();
    }

    private async Task SendAsync()
    {
        try
        {
            while (WriteWaiting())
                await output.FlushAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            lock (_lock)
            {
                _hasEnded = true;
                _waiting = null;
                _waitingBytes = 0;
                _isSending = false;
            }

            Failed?.Invoke(e);
        }
    }

    /// <summary>Copies all that waits into the connection's buffer; false, when nothing did: the next flush begins anew.</summary>
    private bool WriteWaiting()
    {
        bool caughtUp;
        lock (_lock)
        {
            if (_waiting is { } waiting)
            {
                while (waiting.TryDequeue(out ReadOnlyMemory<byte> bytes))
                {
                    bytes.Span.CopyTo(output.GetSpan(bytes.Length));
                    output.Advance(bytes.Length);
                }

                _waiting = null;
                _waitingBytes = 0;
                return true;
            }

            _isSending = false;
            caughtUp = IsBehind;
        }

        if (caughtUp)
            CaughtUp?.Invoke();
        return false;
    }
}
