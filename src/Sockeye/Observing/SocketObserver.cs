using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// Is told what happens on a socket. One observer may serve many sockets, on many threads at once. Give it to a
/// <see cref="NetworkSocket.Observer"/>, or to <see cref="Network.Observer"/> for every socket made from then on.
/// </summary>
/// <remarks>
/// Bytes are valid during the call only. An observer must be quick and must not throw: it is called on the thread that
/// moves the data. Without one a socket pays a null check.
/// </remarks>
public abstract class SocketObserver
{
    /// <summary>One observer that tells all of these, in order; nulls are left out.</summary>
    /// <returns>Null if nobody is left, the observer itself if it is the only one.</returns>
    public static SocketObserver? Combine(params ReadOnlySpan<SocketObserver?> observers)
    {
        List<SocketObserver> all = [];
        foreach (SocketObserver? observer in observers)
        {
            if (observer is CompositeObserver several)
                all.AddRange(several.Observers);
            else if (observer is not null)
                all.Add(observer);
        }

        return all.Count switch
        {
            0 => null,
            1 => all[0],
            _ => new CompositeObserver([.. all]),
        };
    }

    /// <summary>Tells one more, whatever other threads do to the same place meanwhile.</summary>
    internal static void Add(ref SocketObserver? place, SocketObserver one)
    {
        for (SocketObserver? before = Volatile.Read(ref place), found; ; before = found)
        {
            found = Interlocked.CompareExchange(ref place, Combine(before, one), before);
            if (found == before)
                return;
        }
    }

    /// <summary>Tells it no more. Where it is told twice, once less.</summary>
    internal static void Remove(ref SocketObserver? place, SocketObserver one)
    {
        for (SocketObserver? before = Volatile.Read(ref place), found; ; before = found)
        {
            SocketObserver? rest = before == one ? null : before is CompositeObserver several ? Combine(several.Without(one)) : before;
            found = Interlocked.CompareExchange(ref place, rest, before);
            if (found == before)
                return;
        }
    }

    /// <summary>
    /// The name in <paramref name="address"/> was resolved, after <paramref name="elapsed"/> on the network's clock, to these end points. They are tried in turn,
    /// the families alternating (RFC 8305): a <see cref="Connecting"/> for each, and a <see cref="Connected"/>, an <see cref="Error"/>, or only a <see cref="Closed"/> for
    /// one that another was faster than. Told where a connect has the observer; an address without a name is not resolved.
    /// </summary>
    public virtual void Resolved(Address address, IReadOnlyList<EndPoint> endPoints, TimeSpan elapsed)
    {
    }

    /// <summary>A socket was made by its network, which has this observer. Accepted sockets are told of by <see cref="Accepted"/> alone.</summary>
    public virtual void Opened(NetworkSocket socket)
    {
    }

    /// <summary>
    /// The socket was made for another: what comes on one is passed on to the other, as a relay does it. <paramref name="remote"/> is set where
    /// <paramref name="onBehalfOf"/> takes datagrams: it is that sender's only. Told before it is connected.
    /// </summary>
    public virtual void Joined(NetworkSocket socket, NetworkSocket onBehalfOf, SocketAddress? remote)
    {
    }

    /// <summary>A socket was bound. One that is connected or sent from unbound gets its end point from the network without a word.</summary>
    public virtual void Bound(NetworkSocket socket, EndPoint local)
    {
    }

    /// <summary>A socket takes connections now.</summary>
    public virtual void Listening(NetworkSocket socket)
    {
    }

    /// <summary>A listening socket gave out a connection; <paramref name="accepted"/> has this observer too. Told also where only the network has one.</summary>
    public virtual void Accepted(NetworkSocket listener, NetworkSocket accepted)
    {
    }

    /// <summary>A connect was begun.</summary>
    public virtual void Connecting(NetworkSocket socket, EndPoint remote)
    {
    }

    /// <summary>
    /// A connect has succeeded, after <paramref name="handshake"/> on the network's clock. One that nobody waits for, because <see cref="NetworkSocket.Timeout"/>
    /// is zero, is told of when <see cref="NetworkSocket.TakeError"/> finds it.
    /// </summary>
    public virtual void Connected(NetworkSocket socket, EndPoint remote, TimeSpan handshake)
    {
    }

    /// <summary>
    /// The network took these bytes. <paramref name="remote"/> is set for datagrams to a named receiver. Told when the call has returned, which may be after another
    /// thread was told of the answer; recorders put it where the call began.
    /// </summary>
    public virtual void Sent(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote)
    {
    }

    /// <summary>These bytes were taken from the network; looking at them (peek) is no taking. <paramref name="remote"/> is set for datagrams whose receiver asked for it.</summary>
    public virtual void Received(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote)
    {
    }

    /// <summary>TLS over the socket took this out of what was received; nothing: the peer's close_notify, its end in order. What <see cref="Received"/> told of was encrypted.</summary>
    public virtual void Decrypted(NetworkSocket socket, ReadOnlySpan<byte> data)
    {
    }

    /// <summary>TLS over the socket is about to send this; what <see cref="Sent"/> will tell of is encrypted.</summary>
    public virtual void Encrypting(NetworkSocket socket, ReadOnlySpan<byte> data)
    {
    }

    /// <summary>
    /// A protocol is put over the socket: from here on, what <see cref="Sent"/> and <see cref="Received"/> tell of belongs to it. <paramref name="connection"/> is
    /// the <see cref="TlsConnection"/> or <see cref="WebSocketConnection"/>; told of both sides, before the first byte of its handshake.
    /// </summary>
    public virtual void Handshaking(NetworkSocket socket, Connection connection)
    {
    }

    /// <summary>
    /// A protocol over the socket has shaken hands, after <paramref name="elapsed"/> on the network's clock: <paramref name="connection"/> is the
    /// <see cref="TlsConnection"/> or <see cref="WebSocketConnection"/>, which says what was agreed on. Told of both sides.
    /// </summary>
    public virtual void Handshaken(NetworkSocket socket, Connection connection, TimeSpan elapsed)
    {
    }

    /// <summary>A reader of frames found one, <paramref name="length"/> bytes long with its prefix or delimiter.</summary>
    public virtual void Frame(NetworkSocket socket, long length)
    {
    }

    /// <summary>One direction ended: ours (<paramref name="byPeer"/> false) by a shutdown, or the peer's, when its end of stream was read. Once each.</summary>
    public virtual void HalfClosed(NetworkSocket socket, bool byPeer)
    {
    }

    /// <summary>The connection was reset by the peer; told once, by the call that found it.</summary>
    public virtual void Reset(NetworkSocket socket)
    {
    }

    /// <summary>
    /// A call failed: a bind, listen, accept, connect, shutdown, send or receive, also at its deadline. Not being ready is no failure, and
    /// options are not watched.
    /// </summary>
    public virtual void Error(NetworkSocket socket, SocketError error)
    {
    }

    /// <summary>
    /// A <see cref="FaultControl"/> made something go wrong with what passes here: it refused, cut or reset the connection or let it fall silent, or it changed, lost, doubled or
    /// held a datagram. Told of the client's socket; of datagrams, of that which is connected to the target. What only takes longer, or comes in other pieces, is not told of.
    /// </summary>
    public virtual void Faulted(NetworkSocket socket, SocketFault fault)
    {
    }

    /// <summary>
    /// The socket was closed, or its handle given up; <paramref name="aborted"/>: with a reset. Told once. A call that another thread had under way
    /// may still tell of its bytes.
    /// </summary>
    public virtual void Closed(NetworkSocket socket, bool aborted)
    {
    }

    /// <summary>A call begins that may send, or end our direction: what it comes to belongs here among the events, though it is told of later.</summary>
    /// <returns>What the observer knows the place by; null: it keeps none. Whoever asks gives it back in any case.</returns>
    internal virtual object? Reserve(NetworkSocket socket) => null;

    /// <summary>The call is over: a place that nothing was told at is not waited for.</summary>
    internal virtual void GiveBack(object place)
    {
    }

    /// <summary><see cref="Sent"/>, where the call began.</summary>
    internal virtual void SentAt(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote, object? place) => Sent(socket, data, remote);

    /// <summary><see cref="HalfClosed"/> by us, where the call began.</summary>
    internal virtual void HalfClosedAt(NetworkSocket socket, object? place) => HalfClosed(socket, byPeer: false);
}
