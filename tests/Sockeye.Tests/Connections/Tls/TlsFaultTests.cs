using System.IO.Pipelines;
using System.Net.Sockets;
using Sockeye.Tests.Conformance;
using Sockeye.Tests.Serving;

namespace Sockeye.Tests.Connections.Tls;

/// <summary>Peers that do not read, callers that give up, and closing beside both.</summary>
public class TlsFaultTests : TlsTestBase
{
    [Fact]
    public async Task A_dispose_that_gives_up_on_a_peer_that_does_not_read_leaves_no_failure_unobserved()
    {
        Assert.Empty(await UnobservedFailures.OfAsync(nameof(TlsOutput), async () =>
        {
            (Connection client, Connection server) = await ConnectAsync();
            Task<FlushResult> writing = client.Output.WriteAsync(new byte[8 * 1024 * 1024]).AsTask();
            int timers = Clock.TimerCount;
            Task disposing = client.DisposeAsync().AsTask();
            while (Clock.TimerCount == timers)
                await Task.Yield();
            Assert.False(writing.IsCompleted || disposing.IsCompleted);
            Clock.Advance(StreamOptions.Standard.LingerTimeout);
            await Assert.ThrowsAnyAsync<SocketException>(() => writing.Within());
            await disposing.Within();
            server.Abort();
        }));
    }
}
