using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>An observer that makes a <see cref="SocketEvent"/> of whatever it is told: what recorders have in common.</summary>
public abstract class EventObserver : SocketObserver
{
    private protected EventObserver()
    {
    }

    /// <inheritdoc/>
    public sealed override void Opened(NetworkSocket socket) => Note(SocketEventKind.Opened, socket);

    /// <inheritdoc/>
    public sealed override void Joined(NetworkSocket socket, NetworkSocket onBehalfOf, SocketAddress? remote)
    {
        if (HasRoom(0))
            Take(new SocketEvent(SocketEventKind.Joined, socket) { OnBehalfOf = onBehalfOf, Remote = EndPointOf(remote) }, default);
    }

    /// <inheritdoc/>
    public sealed override void Bound(NetworkSocket socket, EndPoint local)
    {
        if (HasRoom(0))
            Take(new SocketEvent(SocketEventKind.Bound, socket) { Local = local }, default);
    }

    /// <inheritdoc/>
    public sealed override void Listening(NetworkSocket socket) => Note(SocketEventKind.Listening, socket);

    /// <inheritdoc/>
    public sealed override void Accepted(NetworkSocket listener, NetworkSocket accepted)
    {
        ArgumentNullException.ThrowIfNull(accepted);
        if (HasRoom(0))
            Take(new SocketEvent(SocketEventKind.Accepted, listener) { AcceptedSocket = accepted, Local = accepted.LocalEndPoint, Remote = accepted.RemoteEndPoint }, default);
    }

    /// <inheritdoc/>
    public sealed override void Connecting(NetworkSocket socket, EndPoint remote)
    {
        if (HasRoom(0))
            Take(new SocketEvent(SocketEventKind.Connecting, socket) { Remote = remote }, default);
    }

    /// <inheritdoc/>
    public sealed override void Connected(NetworkSocket socket, EndPoint remote, TimeSpan handshake)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (HasRoom(0))
            Take(new SocketEvent(SocketEventKind.Connected, socket) { Local = socket.LocalEndPoint, Remote = remote, Handshake = handshake }, default);
    }

    /// <inheritdoc/>
    public sealed override void Sent(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote) => Note(SocketEventKind.Sent, socket, data, remote);

    /// <inheritdoc/>
    public sealed override void Received(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote) =>
        Note(SocketEventKind.Received, socket, data, remote);

    /// <inheritdoc/>
    public sealed override void Decrypted(NetworkSocket socket, ReadOnlySpan<byte> data) => Note(SocketEventKind.Decrypted, socket, data, remote: null);

    /// <inheritdoc/>
    public sealed override void Encrypting(NetworkSocket socket, ReadOnlySpan<byte> data) => Note(SocketEventKind.Encrypting, socket, data, remote: null);

    /// <inheritdoc/>
    public sealed override void Handshaking(NetworkSocket socket, Connection connection)
    {
        if (HasRoom(0))
            Take(new SocketEvent(SocketEventKind.Handshaking, socket) { Layer = connection }, default);
    }

    /// <inheritdoc/>
    public sealed override void Handshaken(NetworkSocket socket, Connection connection, TimeSpan elapsed)
    {
        if (HasRoom(0))
            Take(new SocketEvent(SocketEventKind.Handshaken, socket) { Layer = connection, Handshake = elapsed }, default);
    }

    /// <inheritdoc/>
    public sealed override void Frame(NetworkSocket socket, long length)
    {
        if (HasRoom(0))
            Take(new SocketEvent(SocketEventKind.Frame, socket) { FrameLength = length }, default);
    }

    /// <inheritdoc/>
    public sealed override void HalfClosed(NetworkSocket socket, bool byPeer) => NoteHalfClosed(socket, byPeer);

    /// <inheritdoc/>
    public sealed override void Reset(NetworkSocket socket) => Note(SocketEventKind.Reset, socket);

    /// <inheritdoc/>
    public sealed override void Error(NetworkSocket socket, SocketError error)
    {
        if (HasRoom(0))
            Take(new SocketEvent(SocketEventKind.Error, socket) { Error = error }, default);
    }

    /// <inheritdoc/>
    public sealed override void Faulted(NetworkSocket socket, SocketFault fault)
    {
        if (HasRoom(0))
            Take(new SocketEvent(SocketEventKind.Faulted, socket) { Fault = fault }, default);
    }

    /// <inheritdoc/>
    public sealed override void Closed(NetworkSocket socket, bool aborted)
    {
        if (HasRoom(0))
            Take(new SocketEvent(SocketEventKind.Closed, socket) { Aborted = aborted }, default);
    }

    internal sealed override object? Reserve(NetworkSocket socket) => ReservePlace(socket);

    internal sealed override void GiveBack(object place) => GiveBackPlace((EventPlace)place);

    internal sealed override void SentAt(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote, object? place) =>
        Note(SocketEventKind.Sent, socket, data, remote, (EventPlace?)place);

    internal sealed override void HalfClosedAt(NetworkSocket socket, object? place) => NoteHalfClosed(socket, byPeer: false, (EventPlace?)place);

    /// <summary>Keeps a place for an event to come; it is given back in any case.</summary>
    private protected abstract EventPlace? ReservePlace(NetworkSocket socket);

    /// <summary>What was to come is there, or will not come.</summary>
    private protected abstract void GiveBackPlace(EventPlace place);

    /// <summary>Whether an event with so many bytes is taken; one that is not is counted here, and costs nothing more.</summary>
    private protected abstract bool HasRoom(int dataLength, EventPlace? place = null);

    /// <summary>Takes an event that has no time, number, offset or data yet.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="data">Its bytes, valid during the call only.</param>
    /// <param name="place">Where it belongs; null: here and now.</param>
    private protected abstract void Take(SocketEvent happened, ReadOnlySpan<byte> data, EventPlace? place = null);

    private void Note(SocketEventKind kind, NetworkSocket socket)
    {
        if (HasRoom(0))
            Take(new SocketEvent(kind, socket), default);
    }

    private void NoteHalfClosed(NetworkSocket socket, bool byPeer, EventPlace? place = null)
    {
        if (HasRoom(0, place))
            Take(new SocketEvent(SocketEventKind.HalfClosed, socket) { ByPeer = byPeer }, default, place);
    }

    private void Note(SocketEventKind kind, NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote, EventPlace? place = null)
    {
        if (!HasRoom(data.Length, place))
            return;
        EndPoint? endPoint = EndPointOf(remote);
        Take(new SocketEvent(kind, socket) { Remote = endPoint, IsFromNobody = remote is not null && endPoint is null, Length = data.Length }, data, place);
    }

    private static EndPoint? EndPointOf(SocketAddress? address) => address is null ? null : EndPoints.TryFromAddress(address);
}
