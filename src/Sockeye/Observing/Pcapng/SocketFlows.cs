using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Sockeye;

/// <summary>Makes a flow of each observed socket, and gives it what the socket's events tell. Of two observed sockets that are the ends of one flow only the first is shown.</summary>
internal sealed class SocketFlows(IPacketSink sink, bool keepEncrypted)
{
    private readonly PacketBuilder _packets = new();

    // Weak: what comes after a close still belongs to its flow.
    private readonly ConditionalWeakTable<NetworkSocket, StreamFlow> _streams = [];
    private readonly ConditionalWeakTable<NetworkSocket, DatagramFlow> _messages = [];
    private readonly ConditionalWeakTable<NetworkSocket, object> _mirrors = [];
    private readonly Dictionary<FlowEnds, NetworkSocket> _open = [];
    private readonly Dictionary<IPEndPoint, NetworkSocket> _bound = [];

    /// <summary>Shows an event.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="numberOf">A socket's number.</param>
    /// <param name="comment">What is to be said with its next packet, or null.</param>
    public void Show(SocketEvent happened, Func<NetworkSocket, int> numberOf, string? comment)
    {
        if (happened.Kind == SocketEventKind.Accepted)
            ShowAccepted(happened, happened.AcceptedSocket!, numberOf(happened.AcceptedSocket!), comment);
        else if (happened.Socket.SocketType == SocketType.Stream)
            ShowStream(happened, Stream(happened.Socket, happened.Number), comment);
        else if (happened.Socket is { SocketType: SocketType.Dgram or SocketType.Seqpacket, ProtocolType: ProtocolType.Udp or ProtocolType.Unspecified })
            ShowMessages(happened, Messages(happened.Socket, happened.Number), comment);
    }

    private void ShowAccepted(SocketEvent happened, NetworkSocket accepted, int number, string? comment)
    {
        if (accepted.SocketType != SocketType.Stream)
        {
            DatagramFlow messages = Messages(accepted, number);
            (messages.Local, messages.Peer) = (happened.Local, happened.Remote);
            Say(messages.Comment, comment);
            messages.Comment("connection accepted");
            return;
        }

        StreamFlow flow = Stream(accepted, number);
        Say(flow.Comment, comment);
        if (!IsMirror(accepted, happened.Local, happened.Remote))
            flow.Accepted(happened.Time, happened.Local, happened.Remote);
        Remember(accepted, flow);
    }

    private void ShowStream(SocketEvent happened, StreamFlow flow, string? comment)
    {
        if (_mirrors.TryGetValue(happened.Socket, out _))
            return;
        Say(flow.Comment, comment);
        switch (happened.Kind)
        {
            case SocketEventKind.Connecting:
                flow.Connecting(happened.Time, happened.Remote!);
                return;
            case SocketEventKind.Connected when IsMirror(happened.Socket, happened.Local, happened.Remote):
                return;
            case SocketEventKind.Connected:
                flow.Connected(happened.Time, happened.Local, happened.Remote!, happened.Handshake);
                Remember(happened.Socket, flow);
                return;
            case SocketEventKind.Error:
                flow.Failed(happened.Time, happened.Error);
                return;
            case SocketEventKind.Faulted:
                flow.Comment($"{happened.Fault}");
                return;
            case SocketEventKind.Closed:
                flow.Closed(happened.Time, happened.Aborted, EndOf(happened, flow, sent: true));
                Forget(happened.Socket, flow);
                return;
            default:
                ShowOpen(happened, flow);
                return;
        }
    }

    /// <summary>What only a connection can have. One that is seen first by it was open before.</summary>
    private void ShowOpen(SocketEvent happened, StreamFlow flow)
    {
        if (!flow.HasBegun && happened.Kind is (SocketEventKind.Sent or SocketEventKind.Received or SocketEventKind.HalfClosed or SocketEventKind.Handshaking))
            Find(happened, flow);
        switch (happened.Kind)
        {
            case SocketEventKind.Sent or SocketEventKind.Received:
                flow.Bytes(happened.Time, happened.Kind == SocketEventKind.Sent, happened.Offset, happened.Data.Span);
                break;
            case SocketEventKind.Encrypting or SocketEventKind.Decrypted:
                flow.ClearBytes(happened.Time, happened.Kind == SocketEventKind.Encrypting, happened.Offset, happened.Data.Span);
                break;
            case SocketEventKind.Handshaking when happened.Layer is TlsConnection tls:
                flow.Handshaking(tls);
                break;
            case SocketEventKind.Handshaken when happened.Layer is TlsConnection tls:
                flow.Handshaken(FlowComments.Agreement(tls, happened.Handshake));
                break;
            case SocketEventKind.Handshaken when happened.Layer is WebSocketConnection webSocket:
                flow.Comment(FlowComments.Agreement(webSocket));
                break;
            case SocketEventKind.HalfClosed:
                flow.End(happened.Time, !happened.ByPeer, EndOf(happened, flow, sent: !happened.ByPeer));
                break;
            case SocketEventKind.Reset:
                flow.Reset(happened.Time);
                break;
        }
    }

    private void ShowMessages(SocketEvent happened, DatagramFlow flow, string? comment)
    {
        Say(flow.Comment, comment);
        switch (happened.Kind)
        {
            case SocketEventKind.Bound:
                flow.Local = happened.Local;
                break;
            case SocketEventKind.Connected:
                (flow.Local, flow.Peer) = (happened.Local ?? flow.Local, happened.Remote);
                break;
            case SocketEventKind.Sent or SocketEventKind.Received:
                ShowMessage(happened, flow, fromNear: happened.Kind == SocketEventKind.Sent);
                break;
            case SocketEventKind.HalfClosed:
                flow.Comment(happened.ByPeer ? "the peer has ended its direction" : "ended this direction");
                break;
            case SocketEventKind.Error:
                flow.Comment(FlowComments.Error(happened.Error));
                break;
            case SocketEventKind.Faulted:
                flow.Comment($"{happened.Fault}");
                break;
            case SocketEventKind.Closed:
                foreach (IPEndPoint own in flow.Senders)
                    _bound.Remove(own);
                break;
        }
    }

    private void ShowMessage(SocketEvent happened, DatagramFlow flow, bool fromNear)
    {
        flow.Local ??= happened.OwnEnd;
        flow.Peer ??= happened.PeerEnd;
        FlowEnds ends = flow.EndsWith(happened.Remote, happened.IsFromNobody);
        if (!fromNear && _bound.TryGetValue(ends.Far, out NetworkSocket? sender) && sender != happened.Socket)
            return;
        if (fromNear && flow.Senders.Add(ends.Near))
            _bound[ends.Near] = happened.Socket;
        flow.Message(happened.Time, fromNear, ends, happened.Data.Span);
    }

    private void Find(SocketEvent happened, StreamFlow flow)
    {
        if (IsMirror(happened.Socket, happened.OwnEnd, happened.PeerEnd))
            return;
        if (flow.Target is { } target)
            flow.Connected(happened.Time, happened.OwnEnd, target, default);
        else
            flow.Found(happened.OwnEnd, happened.PeerEnd, happened.Socket.HandshakeTime is not null);
        Remember(happened.Socket, flow);
    }

    /// <summary>Its peer's socket is observed too, and was first: then that one shows what happens.</summary>
    private bool IsMirror(NetworkSocket socket, EndPoint? local, EndPoint? remote)
    {
        if (local is not IPEndPoint near || remote is not IPEndPoint far || !_open.TryGetValue(new FlowEnds(near, far).Mirrored, out NetworkSocket? first) || first == socket)
            return false;
        _mirrors.AddOrUpdate(socket, first);
        return true;
    }

    private void Remember(NetworkSocket socket, StreamFlow flow)
    {
        if (flow.Ends is { } ends)
            _open[ends] = socket;
    }

    private void Forget(NetworkSocket socket, StreamFlow flow)
    {
        if (flow.Ends is { } ends && _open.TryGetValue(ends, out NetworkSocket? remembered) && remembered == socket)
            _open.Remove(ends);
    }

    private StreamFlow Stream(NetworkSocket socket, int number)
    {
        if (!_streams.TryGetValue(socket, out StreamFlow? flow))
            _streams.Add(socket, flow = new StreamFlow(number, keepEncrypted, _packets, sink));
        return flow;
    }

    private DatagramFlow Messages(NetworkSocket socket, int number)
    {
        if (!_messages.TryGetValue(socket, out DatagramFlow? flow))
            _messages.Add(socket, flow = new DatagramFlow(number, _packets, sink));
        return flow;
    }

    /// <summary>Where a direction ended: the counters say it though events were dropped.</summary>
    private static long EndOf(SocketEvent happened, StreamFlow flow, bool sent) => (flow.ClearLayer, sent) switch
    {
        ({ } tls, true) => tls.BytesSent,
        ({ } tls, false) => tls.BytesReceived,
        (null, true) => happened.Socket.BytesSent,
        (null, false) => happened.Socket.BytesReceived,
    };

    private static void Say(Action<string> say, string? comment)
    {
        if (comment is not null)
            say(comment);
    }
}
