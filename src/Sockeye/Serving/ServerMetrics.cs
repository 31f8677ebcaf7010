using System.Diagnostics.Metrics;

namespace Sockeye;

/// <summary>
/// The library's instruments, under the meter "Sockeye". Bytes and durations are added when a connection ends: nothing is paid a message.
/// </summary>
internal static class ServerMetrics
{
    public const string MeterName = "Sockeye";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> AcceptedCount = Meter.CreateCounter<long>("sockeye.server.connections.accepted", "{connection}", "Connections accepted.");
    private static readonly Counter<long> RefusedCount = Meter.CreateCounter<long>("sockeye.server.connections.refused", "{connection}", "Connections closed at once, by reason.");
    private static readonly UpDownCounter<long> ActiveCount = Meter.CreateUpDownCounter<long>("sockeye.server.connections.active", "{connection}", "Connections not yet ended.");
    private static readonly Counter<long> EndedCount = Meter.CreateCounter<long>("sockeye.server.connections.ended", "{connection}", "Served connections that ended, by reason.");
    private static readonly Counter<long> ReceivedBytes = Meter.CreateCounter<long>("sockeye.server.bytes.received", "By", "Bytes received on connections that ended.");
    private static readonly Counter<long> SentBytes = Meter.CreateCounter<long>("sockeye.server.bytes.sent", "By", "Bytes sent on connections that ended.");
    private static readonly Counter<long> DatagramCount = Meter.CreateCounter<long>("sockeye.server.datagrams.received", "{datagram}", "Datagrams received.");

    public static void Accepted()
    {
        AcceptedCount.Add(1);
        ActiveCount.Add(1);
    }

    public static void Refused(RefusalReason reason)
    {
        ActiveCount.Add(-1);
        if (RefusedCount.Enabled)
            RefusedCount.Add(1, new KeyValuePair<string, object?>("reason", reason.ToString()));
    }

    public static void Ended(Connection connection, EndReason reason)
    {
        ActiveCount.Add(-1);
        if (EndedCount.Enabled)
            EndedCount.Add(1, new KeyValuePair<string, object?>("reason", reason.ToString()));
        ReceivedBytes.Add(connection.BytesReceived);
        SentBytes.Add(connection.BytesSent);
    }

    public static void Datagram() => DatagramCount.Add(1);
}
