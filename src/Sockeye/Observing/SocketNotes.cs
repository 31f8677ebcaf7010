using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Sockeye;

/// <summary>What a recorder notes of every socket it hears of: its number, and the TLS over it. Not for several threads at once.</summary>
internal sealed class SocketNotes
{
    // Weak: a number lives as long as its socket, also for what comes after the close.
    private readonly ConditionalWeakTable<NetworkSocket, Note> _notes = [];
    private int _lastNumber;

    /// <summary>The socket's number, from 1 in the order they are first asked for.</summary>
    public int Number(NetworkSocket socket) => NoteOf(socket).Number;

    /// <summary>Whether no event has told yet where the socket is bound and what it is connected to.</summary>
    public bool LacksEnds(NetworkSocket socket) => !NoteOf(socket).HasToldEnds;

    /// <summary>Numbers the event, and says where in its stream its bytes stand.</summary>
    public void Complete(SocketEvent happened, EventPlace? place)
    {
        Note note = NoteOf(happened.Socket);
        happened.Number = note.Number;
        if (happened.AcceptedSocket is { } accepted)
            NoteOf(accepted).HasToldEnds = true;
        else if (!note.HasToldEnds || place is { TellsEnds: true })
            note.HasToldEnds = happened.Kind == SocketEventKind.Connected || TellEnds(happened);
        if (happened.Kind == SocketEventKind.Closed)
            happened.Kernel = LastWordOfKernel(happened.Socket);
        if (happened.Layer is TlsConnection tls)
            note.Tls = tls;
        if (happened.Length > 0 && SocketKinds.Connects(happened.Socket.SocketType))
            happened.Offset = OffsetOf(happened, note.Tls);
    }

    /// <summary>The sockets and TLS count what they have passed: sent and received bytes are counted before they are told of, those to be encrypted after.</summary>
    private static long OffsetOf(SocketEvent happened, TlsConnection? tls) => happened.Kind switch
    {
        SocketEventKind.Sent => happened.Socket.BytesSent - happened.Length,
        SocketEventKind.Received => happened.Socket.BytesReceived - happened.Length,
        SocketEventKind.Encrypting => tls?.BytesSent ?? 0,
        SocketEventKind.Decrypted => (tls?.BytesReceived ?? happened.Length) - happened.Length,
        _ => 0,
    };

    /// <summary>Asked where it happens: whoever records may come to it when the socket is closed.</summary>
    private static bool TellEnds(SocketEvent happened)
    {
        if (happened.Kind is not (SocketEventKind.Sent or SocketEventKind.Received or SocketEventKind.HalfClosed or SocketEventKind.Handshaking))
            return false;
        try
        {
            happened.OwnEnd = happened.Socket.LocalEndPoint;
            happened.PeerEnd = happened.Socket.RemoteEndPoint;
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            // Another thread closes it: what is known has to do.
        }

        return true;
    }

    /// <summary>What the kernel knows of a connection, a moment before it is closed: whoever records comes too late to ask.</summary>
    private static TcpInfo? LastWordOfKernel(NetworkSocket socket)
    {
        if (socket.SocketType != SocketType.Stream || socket.AddressFamily == AddressFamily.Unix || socket.IsListening || socket.LacksTcpInfo)
            return null;
        try
        {
            return socket.TcpInfoCore;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or NotSupportedException)
        {
            return null;
        }
    }

    private Note NoteOf(NetworkSocket socket)
    {
        if (_notes.TryGetValue(socket, out Note? note))
            return note;
        note = new Note(++_lastNumber);
        _notes.Add(socket, note);
        return note;
    }

    private sealed class Note(int number)
    {
        public int Number => number;

        public bool HasToldEnds { get; set; }

        public TlsConnection? Tls { get; set; }
    }
}
