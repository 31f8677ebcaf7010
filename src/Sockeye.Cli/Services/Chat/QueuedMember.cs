using System.Threading.Channels;

namespace Sockeye.Cli.Services.Chat;

/// <summary>A member with a connection. What it is told waits in a bounded queue, which a writer of its own empties.</summary>
internal abstract class QueuedMember : ChatMember
{
    /// <summary>How much may wait for a member that does not read. One byte more, and it is put out.</summary>
    public const int WaitingBytesMax = 1024 * 1024;

    /// <summary>What a waiting message costs beside its bytes: empty lines must not be free.</summary>
    private const int MessageOverheadBytes = 64;

    private readonly Channel<ReadOnlyMemory<byte>> _waiting = Channel.CreateUnbounded<ReadOnlyMemory<byte>>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _lock = new();
    private TaskCompletionSource? _caughtUp;
    private long _caughtUpAt;
    private long _waitingBytes;

    public override long WaitingBytes => Volatile.Read(ref _waitingBytes);

    public override bool Deliver(ReadOnlyMemory<byte> message)
    {
        if (Interlocked.Add(ref _waitingBytes, CostOf(message)) > WaitingBytesMax)
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

    public override void PutOut() => Abort(new SlowMemberException(WaitingBytes));

    /// <summary>Nothing more will be delivered: what waits is still written.</summary>
    public void End() => _waiting.Writer.TryComplete();

    /// <summary>Writes what is delivered, until the end. A connection that fails is aborted, which ends its reader too.</summary>
    public async Task WriteAllAsync()
    {
        try
        {
            while (await _waiting.Reader.WaitToReadAsync())
            {
                long taken = await WriteAsync(_waiting.Reader);
                Interlocked.Add(ref _waitingBytes, -taken);
                TellIfCaughtUp(hasEnded: false);
            }
        }
        catch (Exception e)
        {
            Abort(e);
        }
        finally
        {
            TellIfCaughtUp(hasEnded: true);
        }
    }

    /// <summary>How much of <see cref="WaitingBytes"/> a message is.</summary>
    protected static long CostOf(ReadOnlyMemory<byte> message) => message.Length + MessageOverheadBytes;

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

    /// <summary>Takes some of what waits and sends it; the <see cref="CostOf"/> all that it took.</summary>
    protected abstract ValueTask<long> WriteAsync(ChannelReader<ReadOnlyMemory<byte>> waiting);

    /// <summary>Ends the connection by a reset, and its reader with it.</summary>
    protected abstract void Abort(Exception reason);
}
