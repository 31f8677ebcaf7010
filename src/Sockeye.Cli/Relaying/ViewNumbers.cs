using Sockeye.Cli.Output;

namespace Sockeye.Cli.Relaying;

/// <summary>The numbers that a view has for connections. It counts on a thread of its own, which may stand still with its output.</summary>
internal sealed class ViewNumbers(ConversationRecorder recorder, StandStill output, TimeProvider time)
{
    /// <summary>The number of the conversation, when the view has heard of it; null: it was too slow to.</summary>
    public async ValueTask<long?> OfAsync(NetworkSocket socket)
    {
        if (recorder.ConversationOf(socket) is null)
            await recorder.FlushAsync();
        return recorder.ConversationOf(socket);
    }

    /// <summary>Waits for whoever waits for numbers, unless the output stands still.</summary>
    public Task SettleAsync(Task waiting) => output.WaitAsync(waiting, time);
}
