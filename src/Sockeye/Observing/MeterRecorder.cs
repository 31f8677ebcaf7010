using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// Counts what sockets do with instruments of System.Diagnostics.Metrics, under the meter "Sockeye", named as OpenTelemetry's conventions have it. Each carries
/// <c>network.transport</c> and, where there is one, <c>network.type</c>; an instrument that nobody listens to costs a check.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>instrument</term><description>unit and meaning</description></listheader>
/// <item><term>sockeye.socket.network.io</term><description>By: bytes sent and received, by <c>network.io.direction</c></description></item>
/// <item><term>sockeye.socket.operations</term><description>{operation}: sends and receives, by <c>network.io.direction</c></description></item>
/// <item><term>sockeye.socket.connections</term><description>{connection}: connections made and accepted, by <c>sockeye.connection.side</c>: client, server</description></item>
/// <item><term>sockeye.socket.connect.duration</term><description>s: how long connecting took</description></item>
/// <item><term>sockeye.socket.handshake.duration</term><description>s: how long TLS and WebSockets took to shake hands, by <c>network.protocol.name</c></description></item>
/// <item><term>sockeye.socket.errors</term><description>{error}: calls that failed and resets by the peer, by <c>error.type</c></description></item>
/// </list>
/// It counts where things happen, on the sockets' own threads, and drops nothing.
/// </remarks>
public sealed class MeterRecorder : SocketObserver
{
    private const string DirectionTag = "network.io.direction";

    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5] };
    private static readonly Meter Meter = new(ServerMetrics.MeterName);
    private static readonly Counter<long> Bytes = Meter.CreateCounter<long>("sockeye.socket.network.io", "By", "Bytes that observed sockets moved.");
    private static readonly Counter<long> Operations = Meter.CreateCounter<long>("sockeye.socket.operations", "{operation}", "Sends and receives of observed sockets.");
    private static readonly Counter<long> Connections = Meter.CreateCounter<long>("sockeye.socket.connections", "{connection}", "Connections that observed sockets made or accepted.");
    private static readonly Histogram<double> ConnectDuration = Meter.CreateHistogram("sockeye.socket.connect.duration", "s", "How long connecting took.", tags: null, Seconds);
    private static readonly Histogram<double> HandshakeDuration = Meter.CreateHistogram("sockeye.socket.handshake.duration", "s", "How long protocols over observed sockets took to shake hands.", tags: null, Seconds);
    private static readonly Counter<long> Errors = Meter.CreateCounter<long>("sockeye.socket.errors", "{error}", "Calls of observed sockets that failed, and resets by their peers.");

    /// <inheritdoc/>
    public override void Sent(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote) => Moved(socket, "transmit", data.Length);

    /// <inheritdoc/>
    public override void Received(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote) => Moved(socket, "receive", data.Length);

    /// <inheritdoc/>
    public override void Accepted(NetworkSocket listener, NetworkSocket accepted)
    {
        if (Connections.Enabled)
            Connections.Add(1, Tags(accepted, "sockeye.connection.side", "server"));
    }

    /// <inheritdoc/>
    public override void Connected(NetworkSocket socket, EndPoint remote, TimeSpan handshake)
    {
        if (Connections.Enabled)
            Connections.Add(1, Tags(socket, "sockeye.connection.side", "client"));
        if (ConnectDuration.Enabled)
            ConnectDuration.Record(handshake.TotalSeconds, Tags(socket));
    }

    /// <inheritdoc/>
    public override void Handshaken(NetworkSocket socket, Connection connection, TimeSpan elapsed)
    {
        if (HandshakeDuration.Enabled)
            HandshakeDuration.Record(elapsed.TotalSeconds, Tags(socket, "network.protocol.name", connection is TlsConnection ? "tls" : "websocket"));
    }

    /// <inheritdoc/>
    public override void Reset(NetworkSocket socket) => Failed(socket, nameof(SocketError.ConnectionReset));

    /// <inheritdoc/>
    public override void Error(NetworkSocket socket, SocketError error) => Failed(socket, error.ToString());

    private static void Moved(NetworkSocket socket, string direction, int bytes)
    {
        if (Bytes.Enabled)
            Bytes.Add(bytes, Tags(socket, DirectionTag, direction));
        if (Operations.Enabled)
            Operations.Add(1, Tags(socket, DirectionTag, direction));
    }

    private static void Failed(NetworkSocket socket, string type)
    {
        if (Errors.Enabled)
            Errors.Add(1, Tags(socket, "error.type", type));
    }

    private static TagList Tags(NetworkSocket socket, string name, string value)
    {
        TagList tags = Tags(socket);
        tags.Add(name, value);
        return tags;
    }

    private static TagList Tags(NetworkSocket socket) => SocketTags.Of(socket.AddressFamily, socket.SocketType);
}
