using System.Buffers;
using Sockeye.Cli.Output;

namespace Sockeye.Cli.Talking;

/// <summary>Where it is told what happens, and where what peers send goes.</summary>
/// <param name="time">The clock.</param>
/// <param name="stop">Fires when the program is asked to stop.</param>
internal abstract class Reporter(TimeProvider time, CancellationToken stop) : IAsyncDisposable
{
    private readonly CancellationTokenSource _hurry = CancellationTokenSource.CreateLinkedTokenSource(stop);

    /// <summary>Tells; never waits.</summary>
    public abstract void Tell(CliEvent happened);

    /// <summary>Where the bytes of one peer go.</summary>
    /// <param name="peer">Who it is, as its events say.</param>
    public abstract Outlet OpenOutlet(CliEvent peer);

    /// <summary>Whether what came is told as events too.</summary>
    public virtual bool IsJson => false;

    /// <summary>Writes what came as an event.</summary>
    public virtual void WriteReceived(CliEvent peer, ReadOnlySequence<byte> bytes, IBufferWriter<byte> output) => throw new NotSupportedException();

    /// <summary>Writes what waits, however slowly it is read, until the program is asked to stop or has no more time.</summary>
    public virtual ValueTask DisposeAsync()
    {
        _hurry.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The time is over: the end no longer waits for an output that stands still.</summary>
    public void Hurry() => _hurry.Cancel();

    /// <summary>Waits until all is written; in a hurry, until the output stands still.</summary>
    protected async Task WaitForEndAsync(Task allWritten, StandStill standStill)
    {
        await allWritten.WaitAsync(_hurry.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await standStill.WaitAsync(allWritten, time);
    }
}
