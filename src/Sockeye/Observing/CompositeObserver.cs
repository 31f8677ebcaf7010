using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>Tells several observers, in order.</summary>
internal sealed class CompositeObserver(SocketObserver[] observers) : SocketObserver
{
    /// <summary>Those it tells.</summary>
    public ReadOnlySpan<SocketObserver> Observers => observers;

    /// <summary>All but one: the last that is <paramref name="one"/>.</summary>
    public SocketObserver[] Without(SocketObserver one)
    {
        int index = Array.LastIndexOf(observers, one);
        return index < 0 ? observers : [.. observers[..index], .. observers[(index + 1)..]];
    }

    public override void Resolved(Address address, IReadOnlyList<EndPoint> endPoints, TimeSpan elapsed)
    {
        foreach (SocketObserver observer in observers)
            observer.Resolved(address, endPoints, elapsed);
    }

    public override void Opened(NetworkSocket socket)
    {
        foreach (SocketObserver observer in observers)
            observer.Opened(socket);
    }

    public override void Joined(NetworkSocket socket, NetworkSocket onBehalfOf, SocketAddress? remote)
    {
        foreach (SocketObserver observer in observers)
            observer.Joined(socket, onBehalfOf, remote);
    }

    public override void Bound(NetworkSocket socket, EndPoint local)
    {
        foreach (SocketObserver observer in observers)
            observer.Bound(socket, local);
    }

    public override void Listening(NetworkSocket socket)
    {
        foreach (SocketObserver observer in observers)
            observer.Listening(socket);
    }

    public override void Accepted(NetworkSocket listener, NetworkSocket accepted)
    {
        foreach (SocketObserver observer in observers)
            observer.Accepted(listener, accepted);
    }

    public override void Connecting(NetworkSocket socket, EndPoint remote)
    {
        foreach (SocketObserver observer in observers)
            observer.Connecting(socket, remote);
    }

    public override void Connected(NetworkSocket socket, EndPoint remote, TimeSpan handshake)
    {
        foreach (SocketObserver observer in observers)
            observer.Connected(socket, remote, handshake);
    }

    public override void Sent(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote)
    {
        foreach (SocketObserver observer in observers)
            observer.Sent(socket, data, remote);
    }

    public override void Received(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote)
    {
        foreach (SocketObserver observer in observers)
            observer.Received(socket, data, remote);
    }

    public override void Decrypted(NetworkSocket socket, ReadOnlySpan<byte> data)
    {
        foreach (SocketObserver observer in observers)
            observer.Decrypted(socket, data);
    }

    public override void Encrypting(NetworkSocket socket, ReadOnlySpan<byte> data)
    {
        foreach (SocketObserver observer in observers)
            observer.Encrypting(socket, data);
    }

    public override void Handshaking(NetworkSocket socket, Connection connection)
    {
        foreach (SocketObserver observer in observers)
            observer.Handshaking(socket, connection);
    }

    public override void Handshaken(NetworkSocket socket, Connection connection, TimeSpan elapsed)
    {
        foreach (SocketObserver observer in observers)
            observer.Handshaken(socket, connection, elapsed);
    }

    public override void Frame(NetworkSocket socket, long length)
    {
        foreach (SocketObserver observer in observers)
            observer.Frame(socket, length);
    }

    public override void HalfClosed(NetworkSocket socket, bool byPeer)
    {
        foreach (SocketObserver observer in observers)
            observer.HalfClosed(socket, byPeer);
    }

    public override void Reset(NetworkSocket socket)
    {
        foreach (SocketObserver observer in observers)
            observer.Reset(socket);
    }

    public override void Error(NetworkSocket socket, SocketError error)
    {
        foreach (SocketObserver observer in observers)
            observer.Error(socket, error);
    }

    public override void Faulted(NetworkSocket socket, SocketFault fault)
    {
        foreach (SocketObserver observer in observers)
            observer.Faulted(socket, fault);
    }

    public override void Closed(NetworkSocket socket, bool aborted)
    {
        foreach (SocketObserver observer in observers)
            observer.Closed(socket, aborted);
    }

    internal override object? Reserve(NetworkSocket socket)
    {
        object?[]? places = null;
        for (int i = 0; i < observers.Length; i++)
        {
            if (observers[i].Reserve(socket) is { } place)
                (places ??= new object?[observers.Length])[i] = place;
        }

        return places;
    }

    internal override void GiveBack(object place)
    {
        object?[] places = (object?[])place;
        for (int i = 0; i < observers.Length; i++)
        {
            if (places[i] is { } own)
                observers[i].GiveBack(own);
        }
    }

    internal override void SentAt(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote, object? place)
    {
        for (int i = 0; i < observers.Length; i++)
            observers[i].SentAt(socket, data, remote, ((object?[]?)place)?[i]);
    }

    internal override void HalfClosedAt(NetworkSocket socket, object? place)
    {
        for (int i = 0; i < observers.Length; i++)
            observers[i].HalfClosedAt(socket, ((object?[]?)place)?[i]);
    }
}
