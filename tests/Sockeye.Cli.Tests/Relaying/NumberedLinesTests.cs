using Sockeye.Cli.Output;
using Sockeye.Cli.Relaying;

namespace Sockeye.Cli.Tests.Relaying;

/// <summary>Lines that have the numbers of a view, also while that is behind.</summary>
public sealed class NumberedLinesTests
{
    [Fact]
    public async Task A_line_waits_for_the_number_of_the_view_and_only_so_many_wait()
    {
        await using MemoryNetwork network = new();
        HeldRecorder recorder = new();
        await using Listener listener = await network.ListenAsync("tcp://127.0.0.1:1000", new ListenerOptions { Observer = recorder });
        (Connection first, Connection second) = (await AcceptAsync(network, listener), await AcceptAsync(network, listener));
        Lines output = new();
        await using (EventLog log = new(output, new TextFormat(() => 80), TimeProvider.System))
        {
            NumberedLines lines = new(log, new ViewNumbers(recorder, new StandStill(), TimeProvider.System));
            for (int i = 0; i < NumberedLines.WaitingMax; i++)
                lines.Write(Line($"waits {i}"), second.Socket);
            lines.Write(Line("is one too many"), second.Socket);
            Assert.Equal("p: is one too many", await output.FindAsync("is one too many"));
            Assert.Single(output.All);

            recorder.Go();
            await lines.SettleAsync().WaitAsync(Lines.Patience);
            lines.Write(Line("comes later"), first.Socket);
        }

        Assert.Equal("#2 p: waits 0", output.All[1]);
        Assert.Equal($"#2 p: waits {NumberedLines.WaitingMax - 1}", output.All[^2]);
        Assert.Equal("#1 p: comes later", output.All[^1]);
        await recorder.DisposeAsync();
    }

    private static CliEvent Line(string text) => new(EventKind.Notice) { Connection = 99, Peer = "p", Message = text };

    private static async Task<Connection> AcceptAsync(Network network, Listener listener)
    {
        await network.ConnectAsync(listener.Address);
        return (await listener.AcceptAsync())!;
    }

    /// <summary>Stands still at the first event until it is let go, as one whose terminal does.</summary>
    private sealed class HeldRecorder : ConversationRecorder
    {
        private readonly ManualResetEventSlim _go = new();

        public void Go() => _go.Set();

        protected override void Record(ConversationEvent happened) => _go.Wait();
    }
}
