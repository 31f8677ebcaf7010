using System.Buffers;
using System.IO.Pipelines;
using Sockeye.Tests.Conformance;

namespace Sockeye.Linux.Tests.Reactors;

/// <summary>That the suite holds under a switch says something only if the switch acts.</summary>
public abstract class SwitchTests(Engine engine) : ReactorTests(engine)
{
    private readonly Engine _engine = engine;

    [Fact]
    public Task The_engines_switches_act_and_no_other() => RunAsync(async () =>
    {
        const int Connections = 10;
        LinuxNetwork network = Open();
        await using Listener listener = await ListenAsync(network);
        (int Again, int Short, int Cancelled) acted = network.Faults!.Acted;
        Assert.Equal((0, 0, 0), acted);
        for (int i = 0; i < Connections; i++)
        {
            Task<Connection?> accepting = listener.AcceptAsync().AsTask();
            using NetworkSocket peer = await ConnectPeerAsync(listener);
            using ReactorPair pair = new(peer, (await accepting)!);
            if (i == 0)
            {
                acted = network.Faults.Acted;
                Assert.Equal(SaysAgain, acted.Again > 0);
            }

            await EchoAsync(pair, "one");
            await EchoAsync(pair, "two");
        }

        (int againBefore, _, _) = acted;
        acted = network.Faults.Acted;
        Assert.Equal(SaysAgain, acted.Again > againBefore);
        Assert.Equal(_engine.IsShort(), acted.Short > 0);
        Assert.Equal(_engine is Engine.IoUringCancelled or Engine.IoUringFaulty, acted.Cancelled > 0);
    });

    private bool SaysAgain => _engine is Engine.EpollAgain or Engine.EpollFaulty or Engine.IoUringAgain or Engine.IoUringFaulty;

    private static async Task EchoAsync(ReactorPair pair, string text)
    {
        Task<byte[]> reading = pair.Connection.Input.ReadExactlyAsync(text.Length).AsTask();
        Assert.False(reading.IsCompleted);
        await pair.Peer.SendTextAsync(text);
        await pair.Connection.WriteAsync(await reading);
        Assert.Equal(text, Payload.Text(await pair.Peer.ReceiveExactlyAsync(text.Length)));
    }
}
