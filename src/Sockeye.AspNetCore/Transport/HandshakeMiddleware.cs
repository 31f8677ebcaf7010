using Microsoft.AspNetCore.Connections;

namespace Sockeye;

/// <summary>What a connection at an address of Sockeye goes through before the application's own middleware.</summary>
internal static class HandshakeMiddleware
{
    public static async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        NetworkConnectionContext context = connection as NetworkConnectionContext
            ?? throw new InvalidOperationException("Only Sockeye's transport listens at its addresses: call UseSockeye on the host.");
        try
        {
            await context.HandshakeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (ConnectionFailures.IsConnections(e) || e is OperationCanceledException)
        {
            // The client's doing: Kestrel closes it.
            context.HandshakeFailed(e);
            return;
        }

        await next(connection).ConfigureAwait(false);
    }
}
