using Sockeye.Tests.Conformance;
using Sockeye.Tests.Serving;

namespace Sockeye.Tests.Connections.Tls;

/// <summary>What meets on two threads in one TLS session, which bears one at a time.</summary>
public class TlsRaceTests : TlsTestBase
{
    private static readonly byte[] Message = Payload.Of(256 * 1024);

    [Fact]
    public async Task One_direction_ends_while_the_other_is_being_decrypted()
    {
        TlsServerOptions serving = Serving();
        for (int round = 0; round < 100; round++)
        {
            (Connection client, Connection server) = await ConnectAsync(serving);
            await using (client)
            await using (server)
                await Task.WhenAll(SendAsync(client), SendAsync(server), ReceiveAsync(client), ReceiveAsync(server)).Within();
        }
    }

    private static Task SendAsync(Connection connection) => Task.Factory.StartNew(
        async () =>
        {
            await connection.WriteAsync(Message);
            await connection.Output.CompleteAsync();
        },
        default,
        TaskCreationOptions.None,
        TaskScheduler.Default).Unwrap();

    private static async Task ReceiveAsync(Connection connection) => Assert.Equal(Message, await connection.Input.ReadToEndAsync());
}
