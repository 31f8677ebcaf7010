using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Sockeye.Cli.Services.Chat;

/// <summary>A member with a connection. What it is told waits in a bounded queue, which a writer of its own empties.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The connection's owner disposes it.")]
internal sealed class StreamMember(Connection connection, bool hasMessages) : ChatMember
{
    /// <summary>How much may wait for a member that does not read. One byte more, and it is put out.</summary>
    public const int WaitingBytesMax = 1024 * 1024;

    /// <summary>What a waiting message costs beside its bytes: empty lines must not be free.</summary>
    private const int MessageOverheadBytes = 64;

    private const int FlushBytes = 64 * 1024;

    private readonly Channel<ReadOnlyMemory<byte>> _waiting = Channel.CreateUnbounded<ReadOnlyMemory<byte>>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _lock = new();
    private TaskCompletionSource? _caughtUp;
    private long _caughtUpAt;
    private long _waitingBytes;

    public override long WaitingBytes => Volatile.Read(ref _waitingBytes);

    public override bool Deliver(ReadOnlyMemory<byte> message)
    {
        if (Interlocked.Add(ref _waitingBytes, message.Length + MessageOverheadBytes) > WaitingBytesMax)
            return false;
        _waiting.Writer.TryWrite(message);
        return true;
    }

    public override Task CatchUp(long waitingBytes)
    {
        lock (_lock)
        {
            if (WaitingBytes <= waitingBytes)
                return Task.CompletedTask;
            _caughtUpAt = _caughtUp is null ? waitingBytes : Math.Min(_caughtUpAt, waitingBytes);
            return (_caughtUp ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    public override void PutOut() => connection.Abort(new SlowMemberException(WaitingBytes));

    /// <summary>Nothing more will be delivered: what waits is still written.</summary>
    public void End() => _waiting.Writer.TryComplete();

    /// <summary>Writes what is delivered, until the end. A connection that fails is aborted, which ends its reader too.</summary>
    public async Task WriteAllAsync()
    {
        try
        {
            while (await _waiting.Reader.WaitToReadAsync())
            {
                long taken = WriteWaiting();
                await connection.Output.FlushAsync();
                Interlocked.Add(ref _waitingBytes, -taken);
                TellIfCaughtUp(hasEnded: false);
            }
        }
        catch (Exception e)
        {
            connection.Abort(e);
        }
        finally
        {
            TellIfCaughtUp(hasEnded: true);
        }
    }

    private void TellIfCaughtUp(bool hasEnded)
    {
        lock (_lock)
        {
            if (_caughtUp is null || (!hasEnded && WaitingBytes > _caughtUpAt))
                return;
            _caughtUp.TrySetResult();
            _caughtUp = null;
        }
    }

    private long WriteWaiting()
    {
        long taken = 0;
        do
        {
            if (!_waiting.Reader.TryRead(out ReadOnlyMemory<byte> message))
                break;
            message.Span.CopyTo(connection.Output.GetSpan(message.Length));
            connection.Output.Advance(message.Length);
            taken += message.Length + MessageOverheadBytes;
        }
        while (taken < FlushBytes && !hasMessages);
        return taken;
    }
}
