using System.Globalization;
using System.Text;

namespace Sockeye.Cli.Services;

/// <summary>Tells the time in one line and closes (RFC 867). A datagram is answered with one.</summary>
internal sealed class DaytimeService(TimeProvider time) : Service
{
    public override async Task ServeAsync(Connection connection, CancellationToken stop) =>
        await connection.WriteAsync(Line(), CancellationToken.None);

    public override async Task ServeAsync(WebSocketPeer peer, CancellationToken stop) => await peer.SendLineAsync(Line());

    protected override ReadOnlyMemory<byte>? Answer(ReadOnlyMemory<byte> message) => Line();

    /// <summary>The first form that RFC 867 shows, with the zone as its distance from UTC: "Tuesday, February 22, 1982 17:37:43-08:00".</summary>
    private byte[] Line() =>
        Encoding.ASCII.GetBytes(time.GetLocalNow().ToString("dddd, MMMM d, yyyy HH:mm:sszzz", CultureInfo.InvariantCulture) + "\r\n");
}
