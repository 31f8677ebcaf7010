using System.IO.Pipelines;
using Sockeye.Tests.Serving;

namespace Sockeye.Tests.Networks.Host;

/// <summary>A peer that never stops sending must not keep a thread of the pool: how often a read gives way is in <c>DispatchTests</c>.</summary>
public class FairReadingTests
{
    /// <summary>So often a read must be seen to give way at least once: it is not seen when the pool takes it up before it is looked at.</summary>
    private const int ReadsMax = 200_000;

    [Fact]
    public async Task A_connection_whose_bytes_are_always_there_gives_way()
    {
        (NetworkSocket ours, NetworkSocket peer) = Network.Host.CreatePair();
        await using Connection connection = Network.Host.CreateConnection(ours, new StreamOptions { LingerTimeout = TimeSpan.Zero });
        using (peer)
        {
            for (int i = 0; i < ReadsMax; i++)
            {
                peer.SendAll([1]);
                ValueTask<ReadResult> reading = connection.Input.ReadAsync();
                bool gaveWay = !reading.IsCompleted;
                ReadResult result = await reading.AsTask().Within();
                connection.Input.AdvanceTo(result.Buffer.End);
                if (gaveWay)
                    return;
            }
        }

        Assert.Fail("it kept the thread");
    }
}
