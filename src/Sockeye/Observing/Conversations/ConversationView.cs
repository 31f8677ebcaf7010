using System.Net;

namespace Sockeye;

/// <summary>One socket from which a conversation is seen.</summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>the socket</term><description>what it receives is</description></listheader>
/// <item><term>is the party itself</term><description>the other party's, where it goes out</description></item>
/// <item><term>faces the party, as a relay's does</term><description>this party's, where it comes in</description></item>
/// </list>
/// </remarks>
internal sealed class ConversationView(SocketConversation conversation, NetworkSocket socket)
{
    public SocketConversation Conversation => conversation;

    public NetworkSocket Socket => socket;

    /// <summary>Whether it is on the client's side, not on the server's.</summary>
    public bool IsClientSide { get; set; }

    /// <summary>Whether it is not the party, but connected to it.</summary>
    public bool IsFacing { get; set; }

    /// <summary>Whether TLS is over it: then what is sent and received is encrypted.</summary>
    public bool IsTls { get; set; }

    /// <summary>Whether a WebSocket is over it: then what passes is its opening and its frames.</summary>
    public bool IsWebSocket { get; set; }

    /// <summary>Whether the peer has reset the connection. Who aborts it then sends nothing more (RFC 9293, 3.10.7.4).</summary>
    public bool IsReset { get; set; }

    public bool IsConnected { get; set; }

    /// <summary>Whether the socket is connected to nobody, and this is what passes between it and <see cref="Peer"/>.</summary>
    public bool IsOfDatagrams { get; init; }

    public EndPoint? Peer { get; init; }

    public bool IsClosed { get; set; }

    /// <summary>Where it connects to, since when. A connect of which nothing more is known is not told of yet: its other end may be of a conversation already.</summary>
    public SocketEvent? Connecting { get; set; }

    /// <summary>Whether the network has no TCP_INFO, so that nobody asks again.</summary>
    public bool LacksTcpInfo { get; set; }

    public DateTimeOffset AskedAt { get; set; }

    /// <summary>Where something that comes in here, or goes out, belongs.</summary>
    public (bool FromClient, bool AtSource) Place(bool isIncoming)
    {
        bool isOfParty = isIncoming == IsFacing;
        return (isOfParty == IsClientSide, isOfParty);
    }
}
