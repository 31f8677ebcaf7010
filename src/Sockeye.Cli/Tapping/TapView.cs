using Sockeye.Cli.Output;
using Sockeye.Cli.Relaying;

namespace Sockeye.Cli.Tapping;

/// <summary>What shows the conversations of a tap, from the first event to the last.</summary>
/// <param name="recorder">Draws them; null: nobody looks.</param>
/// <param name="output">Whether what it writes to stands still.</param>
/// <param name="time">The clock.</param>
internal sealed class TapView(ConversationRecorder? recorder, StandStill output, TimeProvider time) : IAsyncDisposable
{
    /// <summary>What is told of the sockets; null: nobody looks.</summary>
    public SocketObserver? Recorder => recorder;

    /// <summary>The numbers that it shows; null: none.</summary>
    public ViewNumbers? Numbers { get; } = recorder is null ? null : new ViewNumbers(recorder, output, time);

    /// <summary>Shows what waits, unless the output stands still.</summary>
    public async ValueTask DisposeAsync()
    {
        if (recorder is not null)
            await output.WaitAsync(recorder.DisposeAsync().AsTask(), time);
    }
}
