using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// Records what passes between two parties rather than what happens on one socket. It joins the two connections of a relay, and the two ends of a
/// connection where both are observed, and tells who said what, where it was seen, and how it ended.
/// </summary>
public abstract class ConversationRecorder : SocketRecorder
{
    /// <summary>How often the kernel is asked about a connection, at most.</summary>
    private static readonly TimeSpan TcpInfoInterval = TimeSpan.FromMilliseconds(100);

    private readonly ConversationTable _table = new();
    private long _lastNumber;

    /// <inheritdoc cref="SocketRecorder(TimeProvider?, RecorderOptions?, int)"/>
    protected ConversationRecorder(TimeProvider? timeProvider = null, RecorderOptions? options = null, int dataBytesMax = int.MaxValue)
        : base(timeProvider, options, dataBytesMax)
    {
    }

    /// <summary>
    /// The number of the conversation that a socket belongs to, from any thread; null: none that this has recorded of yet. <see cref="SocketRecorder.FlushAsync"/> waits until it has.
    /// </summary>
    public long? ConversationOf(NetworkSocket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return _table.Find(socket) is { Conversation.Number: > 0 and long number } ? number : null;
    }

    /// <summary>Records one event. Never called by two threads at once. What it throws is counted as one event dropped.</summary>
    /// <param name="happened">The event. Its <see cref="ConversationEvent.Data"/> is valid during the call only.</param>
    protected abstract void Record(ConversationEvent happened);

    /// <summary>Records what happened on a socket that belongs to no conversation, or to none yet: it was opened, it is bound, it listens.</summary>
    /// <param name="happened">The event.</param>
    protected virtual void RecordOther(SocketEvent happened)
    {
    }

    /// <inheritdoc/>
    protected sealed override void Record(SocketEvent happened)
    {
        ArgumentNullException.ThrowIfNull(happened);
        switch (happened.Kind)
        {
            case SocketEventKind.Accepted:
                Accept(happened);
                break;
            case SocketEventKind.Joined:
                _table.Join(happened.Socket, happened.OnBehalfOf!, happened.Remote, happened.Time);
                break;
            case SocketEventKind.Connecting:
                Connect(happened);
                break;
            case SocketEventKind.Sent or SocketEventKind.Received when happened.Socket.SocketType == SocketType.Dgram && _table.Find(happened.Socket) is null:
                PassDatagram(happened);
                break;
            case SocketEventKind.Closed when happened.Socket.SocketType == SocketType.Dgram && _table.Find(happened.Socket) is null:
                CloseDatagrams(happened);
                break;
            default:
                if (_table.Find(happened.Socket) is { Conversation.HasFinished: false } view)
                    Record(view, happened);
                else
                    RecordOther(happened);
                break;
        }
    }

    private void Accept(SocketEvent happened) =>
        Open(_table.Accept(happened.AcceptedSocket!, Plain(happened.Local), Plain(happened.Remote), happened.Time), happened, isIncoming: true);

    private void Connect(SocketEvent happened)
    {
        ConversationView? view = _table.Find(happened.Socket);
        if (view is null)
            _table.Connect(happened.Socket, happened.Remote!, happened.Time).Connecting = happened;
        else
            Record(ConnectingEvent(view, happened));
    }

    /// <summary>Tells of the conversation, unless that was done.</summary>
    private void Open(ConversationView view, SocketEvent happened, bool isIncoming)
    {
        if (view.Conversation.Number == 0)
        {
            view.Conversation.Number = ++_lastNumber;
            Tell(ConversationEventKind.Opened, view, view.Connecting ?? happened, isIncoming);
        }

        if (view.Connecting is not { } connecting)
            return;
        view.Connecting = null;
        Record(ConnectingEvent(view, connecting));
    }

    private static ConversationEvent ConnectingEvent(ConversationView view, SocketEvent happened) =>
        Event(ConversationEventKind.Connecting, view, happened, isIncoming: false) with { FromClient = true, EndPoint = happened.Remote };

    private void PassDatagram(SocketEvent happened)
    {
        bool isIncoming = happened.Kind == SocketEventKind.Received;
        EndPoint? peer = Plain(happened.Remote);
        ConversationView view = _table.OfDatagram(happened.Socket, peer, isIncoming, happened.Time);
        Open(view, happened, isIncoming);
        RecordData(view, happened, isIncoming, isEncrypted: false);
        if (_table.TakeOldestDatagrams() is { } oldest)
            Finish(oldest, happened);
    }

    private void CloseDatagrams(SocketEvent happened)
    {
        foreach (ConversationView view in _table.TakeDatagrams(happened.Socket))
            Close(view, happened);
    }

    private void Record(ConversationView view, SocketEvent happened)
    {
        if (happened.Kind == SocketEventKind.Connected)
            view = _table.Connected(view, Plain(happened.Local), Plain(happened.Remote)!);
        Open(view, happened, isIncoming: false);
        switch (happened.Kind)
        {
            case SocketEventKind.Connected:
                Record(Event(ConversationEventKind.Connected, view, happened, isIncoming: true) with { FromClient = false, EndPoint = happened.Remote, Duration = happened.Handshake });
                break;
            case SocketEventKind.Handshaking:
                view.IsTls |= happened.Layer is TlsConnection;
                Tell(ConversationEventKind.Handshaking, view, happened, isIncoming: true);
                break;
            case SocketEventKind.Handshaken:
                Tell(ConversationEventKind.Handshaken, view, happened, isIncoming: true);
                break;
            case SocketEventKind.Sent:
                RecordData(view, happened, isIncoming: false, view.IsTls);
                break;
            case SocketEventKind.Received:
                RecordData(view, happened, isIncoming: true, view.IsTls);
                break;
            case SocketEventKind.Encrypting:
                view.IsTls = true;
                RecordData(view, happened, isIncoming: false, isEncrypted: false);
                break;
            case SocketEventKind.Decrypted:
                view.IsTls = true;
                if (happened.Length > 0)
                    RecordData(view, happened, isIncoming: true, isEncrypted: false);
                break;
            case SocketEventKind.Frame:
                Record(Event(ConversationEventKind.Frame, view, happened, isIncoming: true) with { Length = happened.FrameLength });
                break;
            case SocketEventKind.HalfClosed:
                AskKernel(view, happened.Time, always: true);
                Tell(ConversationEventKind.Ended, view, happened, happened.ByPeer);
                break;
            case SocketEventKind.Reset:
                Tell(ConversationEventKind.Reset, view, happened, isIncoming: true);
                break;
            case SocketEventKind.Error:
                Record(Event(ConversationEventKind.Error, view, happened, isIncoming: true) with { Error = happened.Error });
                break;
            case SocketEventKind.Faulted:
                Record(Event(ConversationEventKind.Faulted, view, happened, isIncoming: true) with
                {
                    Fault = happened.Fault,
                    FromClient = happened.Fault!.Direction != FaultDirection.Down,
                    AtSource = true,
                    Length = happened.Fault.Bytes,
                });
                break;
            case SocketEventKind.Closed:
                Close(view, happened);
                break;
            default:
                RecordOther(happened);
                break;
        }
    }

    private void RecordData(ConversationView view, SocketEvent happened, bool isIncoming, bool isEncrypted)
    {
        SocketConversation conversation = view.Conversation;
        ConversationEvent data = Event(isEncrypted ? ConversationEventKind.Encrypted : ConversationEventKind.Data, view, happened, isIncoming) with
        {
            Offset = happened.Offset,
            Length = happened.Length,
            Data = happened.Data,
        };
        if (!isEncrypted && !data.IsRepeat)
        {
            if (data.FromClient)
                conversation.BytesFromClient += happened.Length;
            else
                conversation.BytesFromServer += happened.Length;
        }

        AskKernel(view, happened.Time, always: false);
        Record(data);
    }

    private void Close(ConversationView view, SocketEvent happened)
    {
        view.IsClosed = true;
        if (happened.Kernel is { } kernel)
            Note(kernel, view);
        SocketConversation conversation = view.Conversation;
        Tell(happened.Aborted ? ConversationEventKind.Reset : ConversationEventKind.Closed, view, happened, isIncoming: false);

        // An attempt that came to nothing: another may follow.
        if (conversation.IsRelayed && view == conversation.ServerView && !view.IsConnected)
            (conversation.ServerView, conversation.ServerTcpInfo) = (null, null);
        if (conversation.ClientView is not { IsClosed: false } && conversation.ServerView is not { IsClosed: false })
            Finish(view, happened);
    }

    private void Finish(ConversationView view, SocketEvent happened)
    {
        Tell(ConversationEventKind.Finished, view, happened, isIncoming: false);
        view.Conversation.HasFinished = true;
        _table.Forget(view.Conversation);
    }

    private void Tell(ConversationEventKind kind, ConversationView view, SocketEvent happened, bool isIncoming) => Record(Event(kind, view, happened, isIncoming));

    private static ConversationEvent Event(ConversationEventKind kind, ConversationView view, SocketEvent happened, bool isIncoming)
    {
        (bool fromClient, bool atSource) = view.Place(isIncoming);
        SocketConversation conversation = view.Conversation;
        return new ConversationEvent(kind, conversation)
        {
            Time = happened.Time,
            Socket = view.Socket,
            FromClient = fromClient,
            AtSource = atSource,
            IsRepeat = !atSource && kind is (ConversationEventKind.Data or ConversationEventKind.Ended) && conversation.ClientView is not null && conversation.ServerView is not null,
            Layer = happened.Layer,
            Duration = happened.Handshake,
        };
    }

    /// <summary>Asks how the connection is, while there is still somebody to ask.</summary>
    private static void AskKernel(ConversationView view, DateTimeOffset now, bool always)
    {
        NetworkSocket socket = view.Socket;
        if (view.LacksTcpInfo || socket.LacksTcpInfo || socket.IsClosed || (!always && now - view.AskedAt < TcpInfoInterval))
            return;
        view.AskedAt = now;
        try
        {
            Note(socket.GetTcpInfo(), view);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or NotSupportedException)
        {
            view.LacksTcpInfo = true;
        }
    }

    private static void Note(TcpInfo info, ConversationView view)
    {
        if (view.IsClientSide)
            view.Conversation.ClientTcpInfo = info;
        else
            view.Conversation.ServerTcpInfo = info;
    }

    private static EndPoint? Plain(EndPoint? endPoint) => endPoint is null ? null : EndPoints.Unmap(endPoint);
}
