using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Sockeye;

/// <summary>Which sockets belong to which conversations. Told in the order of events, by one thread.</summary>
internal sealed class ConversationTable
{
    /// <summary>The most conversations by datagrams that are kept apart: one more ends the one that began first. Their senders cost a peer nothing to make up.</summary>
    public const int DatagramConversationsMax = 4096;

    // Weak, as not every socket is closed before it is forgotten.
    private readonly ConditionalWeakTable<NetworkSocket, ConversationView> _views = [];

    /// <summary>Connections of which one end is known, by both their end points: the client's first.</summary>
    private readonly Dictionary<(Network, EndPoint, EndPoint), SocketConversation> _halves = [];

    private readonly Dictionary<(NetworkSocket, EndPoint?), ConversationView> _datagrams = [];
    private readonly Queue<(NetworkSocket, EndPoint?)> _datagramOrder = [];

    public ConversationView? Find(NetworkSocket socket) => _views.TryGetValue(socket, out ConversationView? view) ? view : null;

    /// <summary>A client was accepted: a new conversation, or the other end of one.</summary>
    public ConversationView Accept(NetworkSocket accepted, EndPoint? local, EndPoint? remote, DateTimeOffset time)
    {
        SocketConversation conversation = (Key(accepted, remote, local) is { } key && _halves.Remove(key, out SocketConversation? half) ? half : null) ?? Open(accepted, time);
        ConversationView view = new(conversation, accepted) { IsConnected = true };
        (conversation.Client, conversation.Door) = (conversation.Client ?? remote, local);
        _views.AddOrUpdate(accepted, view);
        if (accepted.IsForRelay && conversation.ClientView is null)
        {
            Face(view);
            return view;
        }

        conversation.Server ??= local;
        conversation.ServerView = view;
        if (conversation.ClientView is null && Key(accepted, remote, local) is { } open)
            _halves[open] = conversation;
        return view;
    }

    /// <summary>A socket connects that was made for nobody else.</summary>
    public ConversationView Connect(NetworkSocket socket, EndPoint remote, DateTimeOffset time)
    {
        SocketConversation conversation = Open(socket, time);
        conversation.Door = conversation.Server = remote;
        ConversationView view = new(conversation, socket) { IsClientSide = true };
        conversation.ClientView = view;
        _views.AddOrUpdate(socket, view);
        return view;
    }

    /// <summary>A socket is connected: perhaps its other end was accepted before, and is known. The view may be of that conversation then.</summary>
    public ConversationView Connected(ConversationView view, EndPoint? local, EndPoint remote)
    {
        view.IsConnected = true;
        SocketConversation conversation = view.Conversation;
        if (!view.IsClientSide || view.IsFacing)
        {
            conversation.Server = remote;
            return view;
        }

        conversation.Client = local;
        if (Key(view.Socket, local, remote) is not { } key)
            return view;
        if (!_halves.Remove(key, out SocketConversation? half) || half.IsRelayed)
        {
            _halves[key] = conversation;
            return view;
        }

        ConversationView both = new(half, view.Socket) { IsClientSide = true, IsConnected = true, IsTls = view.IsTls, Connecting = view.Connecting };
        half.ClientView = both;
        _views.AddOrUpdate(view.Socket, both);
        return both;
    }

    /// <summary>A socket was made to pass on what comes from another: the two are one conversation, if that has no other end yet.</summary>
    public ConversationView? Join(NetworkSocket socket, NetworkSocket client, EndPoint? sender, DateTimeOffset time)
    {
        ConversationView? view = client.SocketType == SocketType.Dgram ? OfDatagram(client, sender, isIncoming: true, time) : Find(client);
        if (view is null || view.Conversation.ClientView is { } other && other != view)
            return null;
        SocketConversation conversation = view.Conversation;
        Face(view);
        conversation.ServerView = new ConversationView(conversation, socket) { IsFacing = true };
        _views.AddOrUpdate(socket, conversation.ServerView);
        return conversation.ServerView;
    }

    /// <summary>The socket is a relay's towards the client, and the server is another.</summary>
    private static void Face(ConversationView view)
    {
        SocketConversation conversation = view.Conversation;
        (view.IsClientSide, view.IsFacing) = (true, true);
        (conversation.IsRelayed, conversation.Server) = (true, null);
        (conversation.ClientView, conversation.ServerView) = (view, null);
    }

    /// <summary>A datagram from or to <paramref name="peer"/> passed a socket that is connected to nobody.</summary>
    public ConversationView OfDatagram(NetworkSocket socket, EndPoint? peer, bool isIncoming, DateTimeOffset time)
    {
        if (_datagrams.TryGetValue((socket, peer), out ConversationView? known))
            return known;
        SocketConversation conversation = Open(socket, time);
        ConversationView view = new(conversation, socket) { IsClientSide = !isIncoming, IsConnected = true, IsOfDatagrams = true, Peer = peer };
        EndPoint? local = socket.LocalEndPoint;
        (conversation.Client, conversation.Server) = isIncoming ? (peer, local) : (local, peer);
        conversation.Door = conversation.Server;
        if (isIncoming)
            conversation.ServerView = view;
        else
            conversation.ClientView = view;
        _datagrams.Add((socket, peer), view);
        _datagramOrder.Enqueue((socket, peer));
        return view;
    }

    /// <summary>The conversation by datagrams that leaves for a newer one; null while there is room.</summary>
    public ConversationView? TakeOldestDatagrams()
    {
        while (_datagrams.Count > DatagramConversationsMax && _datagramOrder.TryDequeue(out (NetworkSocket, EndPoint?) key))
        {
            if (_datagrams.Remove(key, out ConversationView? view))
                return view;
        }

        return null;
    }

    /// <summary>The conversations by datagrams of a socket, which is closed; they are forgotten.</summary>
    public List<ConversationView> TakeDatagrams(NetworkSocket socket)
    {
        List<ConversationView> views = [.. _datagrams.Values.Where(view => view.Socket == socket)];
        foreach ((NetworkSocket, EndPoint?) key in _datagrams.Keys.Where(key => key.Item1 == socket).ToArray())
            _datagrams.Remove(key);
        return views;
    }

    /// <summary>The conversation is over.</summary>
    public void Forget(SocketConversation conversation)
    {
        if (Key(conversation) is { } key && _halves.GetValueOrDefault(key) == conversation)
            _halves.Remove(key);
        foreach (ConversationView? view in new[] { conversation.ClientView, conversation.ServerView })
        {
            if (view is { IsOfDatagrams: true })
                _datagrams.Remove((view.Socket, view.Peer));
        }
    }

    private static SocketConversation Open(NetworkSocket socket, DateTimeOffset time) => new(socket.SocketType, time);

    private static (Network, EndPoint, EndPoint)? Key(SocketConversation conversation) =>
        (conversation.ClientView ?? conversation.ServerView) is { } view ? Key(view.Socket, conversation.Client, conversation.Door) : null;

    /// <summary>Null where the end points do not tell connections apart, as those of Unix sockets do not.</summary>
    private static (Network, EndPoint, EndPoint)? Key(NetworkSocket socket, EndPoint? client, EndPoint? server) =>
        client is IPEndPoint && server is IPEndPoint ? (socket.Network, EndPoints.Unmap(client), EndPoints.Unmap(server)) : null;
}
