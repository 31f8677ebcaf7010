using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// Writes conversations that were kept as a pcapng file (draft-ietf-opsawg-pcapng): what was said as packets with synthetic headers, sequence numbers by the place in the
/// stream. <see cref="PcapngRecorder"/> records sockets while they do it; this writes what is known of them afterwards. Not for several threads at once.
/// </summary>
public sealed class PcapngConversationWriter : IDisposable
{
    private readonly PcapngOutput _output;
    private readonly PacketBuilder _packets = new();
    private readonly Dictionary<int, Flow> _flows = [];
    private Exception? _failure;

    /// <summary>Writes to a stream, which remains the caller's.</summary>
    /// <param name="stream">Where the file goes.</param>
    public PcapngConversationWriter(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _output = new PcapngOutput(new PcapngStreamTarget(stream), null, error => _failure = error);
    }

    /// <summary>A conversation whose events follow. What has no IP address gets one that is made up.</summary>
    /// <param name="number">Tells conversations apart; each once.</param>
    /// <param name="type">Streams become TCP, everything else UDP.</param>
    /// <param name="client">The client's end point, if it is known.</param>
    /// <param name="server">The server's.</param>
    /// <param name="comment">What is said with its first packet; null: nothing.</param>
    public void Begin(int number, SocketType type, EndPoint? client, EndPoint? server, string? comment = null)
    {
        FlowEnds ends = new(PseudoAddresses.For(client, number, isNear: true), PseudoAddresses.For(server, number, isNear: false));
        Flow flow = type == SocketType.Stream
            ? new Flow(ends, new TcpFlow(ends, nearConnects: true, number, _packets, _output), null)
            : new Flow(ends, null, new DatagramFlow(number, _packets, _output));
        _flows.Add(number, flow);
        if (comment is not null)
            flow.Comment(comment);
    }

    /// <summary>The connection was made: a handshake. Nothing for datagrams.</summary>
    /// <param name="number">The conversation's.</param>
    /// <param name="time">When, UTC. Times must not go back.</param>
    public void Open(int number, DateTimeOffset time) => _flows[number].Tcp?.Open(time, time);

    /// <summary>Bytes, or a datagram.</summary>
    /// <param name="number">The conversation's.</param>
    /// <param name="time">When, UTC.</param>
    /// <param name="fromClient">The direction.</param>
    /// <param name="offset">How many bytes of a stream went the same way before these.</param>
    /// <param name="data">What was said.</param>
    public void Write(int number, DateTimeOffset time, bool fromClient, long offset, ReadOnlySpan<byte> data)
    {
        Flow flow = _flows[number];
        flow.Tcp?.Data(time, fromClient, offset, data);
        flow.Messages?.Message(time, fromClient, flow.Ends, data);
    }

    /// <summary>One direction has ended: FIN. Nothing for datagrams.</summary>
    /// <inheritdoc cref="Write"/>
    public void End(int number, DateTimeOffset time, bool fromClient)
    {
        if (_flows[number].Tcp is { } tcp)
            tcp.End(time, fromClient, tcp.Position(fromClient));
    }

    /// <summary>It was cut off: RST. Nothing for datagrams.</summary>
    /// <inheritdoc cref="Write"/>
    public void Reset(int number, DateTimeOffset time, bool fromClient) => _flows[number].Tcp?.Reset(time, fromClient);

    /// <summary>Writes out what is gathered, whole blocks.</summary>
    /// <exception cref="IOException">The stream does not take it.</exception>
    public void Flush()
    {
        _output.Flush();
        if (_failure is { } failure)
            throw new IOException(failure.Message, failure);
    }

    /// <summary>Writes the end of the file.</summary>
    public void Dispose() => _output.Dispose();

    private sealed record Flow(FlowEnds Ends, TcpFlow? Tcp, DatagramFlow? Messages)
    {
        public void Comment(string text)
        {
            Tcp?.Comment(text);
            Messages?.Comment(text);
        }
    }
}
