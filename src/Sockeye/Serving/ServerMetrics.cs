using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// The library's instruments, under the meter "Sockeye", named as OpenTelemetry's conventions have it. Bytes and durations are added when a
/// connection ends: nothing is paid a message, and without a listener no tag is made.
/// </summary>
internal static class ServerMetrics
{
    public const string MeterName = "Sockeye";

    private const string EndReasonTag = "sockeye.end.reason";
    private const string RefusalReasonTag = "sockeye.refusal.reason";
    private const string ErrorTypeTag = "error.type";
    private const string DirectionTag = "network.io.direction";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> AcceptedCount = Meter.CreateCounter<long>("sockeye.server.connection.accepted", "{connection}", "Connections accepted, refused ones too.");
    private static readonly Counter<long> RefusedCount = Meter.CreateCounter<long>("sockeye.server.connection.refused", "{connection}", "Connections closed at once instead of served.");
    private static readonly UpDownCounter<long> OpenCount = Meter.CreateUpDownCounter<long>("sockeye.server.connection.count", "{connection}", "Connections accepted and not yet ended.");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "sockeye.server.connection.duration", "s", "How long served connections lasted, from accepting to closing.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300] });
    private static readonly Counter<long> Bytes = Meter.CreateCounter<long>("sockeye.server.network.io", "By", "Bytes that served connections moved, added when they end.");
    private static readonly Counter<long> AcceptFailures = Meter.CreateCounter<long>("sockeye.server.accept.failures", "{failure}", "Times that accepting failed and paused.");
    private static readonly Counter<long> DatagramsReceived = Meter.CreateCounter<long>("sockeye.server.datagram.received", "{datagram}", "Datagrams received, refused ones too.");
    private static readonly Counter<long> DatagramsRefused = Meter.CreateCounter<long>("sockeye.server.datagram.refused", "{datagram}", "Datagrams dropped instead of served.");
    private static readonly Counter<long> DatagramFailures = Meter.CreateCounter<long>("sockeye.server.datagram.failures", "{failure}", "Handlers of datagrams that threw, and errors that earlier sends left.");

    public static void Accepted(ServedConnection served)
    {
        if (AcceptedCount.Enabled)
            AcceptedCount.Add(1, Tags(served.Listener.Address));
        if (!OpenCount.Enabled)
            return;
        served.IsMeasured = true;
        OpenCount.Add(1, Tags(served.Listener.Address));
    }

    public static void Refused(ServedConnection served, RefusalReason reason)
    {
        Closed(served);
        if (!RefusedCount.Enabled)
            return;
        TagList tags = Tags(served.Listener.Address);
        tags.Add(RefusalReasonTag, reason switch
        {
            RefusalReason.ConnectionLimit => "connection_limit",
            RefusalReason.ConnectionLimitPerAddress => "connection_limit_per_address",
            _ => "verify",
        });
        RefusedCount.Add(1, tags);
    }

    public static void Ended(ServedConnection served, EndReason reason, Exception? error, TimeProvider time)
    {
        Closed(served);
        if (Duration.Enabled)
        {
            TagList tags = Tags(served.Listener.Address);
            tags.Add(EndReasonTag, reason switch
            {
                EndReason.Completed => "completed",
                EndReason.HandlerError => "handler_error",
                EndReason.Idle => "idle",
                EndReason.HandshakeFailed => "handshake_failed",
                _ => "drain_timeout",
            });
            if (reason is EndReason.HandlerError or EndReason.HandshakeFailed)
                tags.Add(ErrorTypeTag, error?.GetType().FullName);
            Duration.Record(time.GetElapsedTime(served.AcceptedAt).TotalSeconds, tags);
        }

        if (!Bytes.Enabled)
            return;
        AddBytes(served, "receive", served.Connection.BytesReceived);
        AddBytes(served, "transmit", served.Connection.BytesSent);
    }

    public static void AcceptFailed(Listener listener, SocketException error)
    {
        if (!AcceptFailures.Enabled)
            return;
        TagList tags = Tags(listener.Address);
        tags.Add(ErrorTypeTag, error.SocketErrorCode.ToString());
        AcceptFailures.Add(1, tags);
    }

    public static void DatagramReceived(DatagramSocket socket)
    {
        if (DatagramsReceived.Enabled)
            DatagramsReceived.Add(1, Tags(socket.Address));
    }

    public static void DatagramRefused(DatagramSocket socket)
    {
        if (DatagramsRefused.Enabled)
            DatagramsRefused.Add(1, Tags(socket.Address));
    }

    public static void DatagramFailed(DatagramSocket socket, Exception error)
    {
        if (!DatagramFailures.Enabled)
            return;
        TagList tags = Tags(socket.Address);
        tags.Add(ErrorTypeTag, error.GetType().FullName);
        DatagramFailures.Add(1, tags);
    }

    private static void Closed(ServedConnection served)
    {
        if (served.IsMeasured)
            OpenCount.Add(-1, Tags(served.Listener.Address));
    }

    private static void AddBytes(ServedConnection served, string direction, long count)
    {
        TagList tags = Tags(served.Listener.Address);
        tags.Add(DirectionTag, direction);
        Bytes.Add(count, tags);
    }

    /// <summary>Which server of the process: its host and port, or its path.</summary>
    private static TagList Tags(Address address)
    {
        TagList tags = default;
        if (address.Host.Length == 0)
        {
            tags.Add("server.address", address.EndPoint.ToString());
            return tags;
        }

        tags.Add("server.address", address.Host);
        tags.Add("server.port", address.Port);
        return tags;
    }
}
