using Sockeye.Cli.Output;

namespace Sockeye.Cli.Tapping;

/// <summary>What shows the conversations of a tap, from the first event to the last.</summary>
internal sealed class TapView(ConversationRecorder? recorder, TimeProvider time) : IAsyncDisposable
{
    /// <summary>What is told of the sockets; null: nobody looks.</summary>
    public SocketObserver? Recorder => recorder;

    /// <summary>Shows what waits, unless the output stands still.</summary>
    public async ValueTask DisposeAsync()
    {
        if (recorder is not null)
            await recorder.DisposeAsync().AsTask().WaitAsync(StandStill.Limit, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
