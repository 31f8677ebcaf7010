using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Sockeye.Tests.Serving;

namespace Sockeye.Tests.Faults;

public class FaultStreamPropertyTests
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(150);

    /// <summary>Whatever is delayed, sliced, merged or sent again: both directions through a relay, and both ends.</summary>
    [Fact]
    public void Every_byte_arrives_in_its_order_whatever_happens_to_it_on_the_way()
    {
        Gen<(FaultPlan Plan, int Seed, int[] Up, int[] Down)> cases =
            from plan in FaultPlans.Harmless()
            from seed in Gen.Choose(0, int.MaxValue)
            from up in Gen.Choose(1, 400).ListOf(6)
            from down in Gen.Choose(1, 400).ListOf(6)
            select (plan, seed, up.ToArray(), down.ToArray());
        Prop.ForAll(Arb.From(cases), row => RelayAsync(row.Plan, row.Seed, row.Up, row.Down).GetAwaiter().GetResult()).Check(Runs);
    }

    private static async Task RelayAsync(FaultPlan plan, int seed, int[] up, int[] down)
    {
        await using FaultedPair pair = (await FaultedPair.StartAsync(plan.ToString(), seed)).Relay();
        Task<string> atServer = FaultedPair.HearAllAsync(pair.Server);
        Task<string> atClient = FaultedPair.HearAllAsync(pair.Client);
        string sentUp = await SendAsync(pair.Client, up, '0');
        string sentDown = await SendAsync(pair.Server, down, 'a');
        await pair.Clock.PassUntilAsync(Task.WhenAll(atServer, atClient, pair.Relaying));

        Assert.Equal(sentUp + "|FIN", await atServer);
        Assert.Equal(sentDown + "|FIN", await atClient);
        RelayResult result = await pair.Relaying;
        Assert.Equal((sentUp.Length, RelayEnd.Ended, sentDown.Length, RelayEnd.Ended), (result.First.Bytes, result.First.End, result.Second.Bytes, result.Second.End));
        Assert.All(pair.ToServer.All, piece => Assert.True(piece.Text.Length <= (plan.Up.Slice ?? int.MaxValue) || piece.Text == "FIN"));
        Assert.All(pair.ToClient.All, piece => Assert.True(piece.Text.Length <= (plan.Down.Slice ?? int.MaxValue) || piece.Text == "FIN"));
    }

    private static async Task<string> SendAsync(Connection connection, int[] lengths, char first)
    {
        StringBuilder sent = new();
        foreach (int length in lengths)
        {
            string text = string.Concat(Enumerable.Range(sent.Length, length).Select(index => (char)(first + (index % 23))));
            sent.Append(text);
            await connection.Output.WriteAsync(FaultedPair.Bytes(text)).Within();
        }

        await connection.Output.CompleteAsync();
        return sent.ToString();
    }
}
