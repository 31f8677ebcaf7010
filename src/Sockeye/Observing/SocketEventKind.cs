namespace Sockeye;

/// <summary>What happened: one for each event of <see cref="SocketObserver"/>.</summary>
public enum SocketEventKind
{
    /// <summary>See <see cref="SocketObserver.Opened"/>.</summary>
    Opened,

    /// <summary>See <see cref="SocketObserver.Joined"/>.</summary>
    Joined,

    /// <summary>See <see cref="SocketObserver.Bound"/>.</summary>
    Bound,

    /// <summary>See <see cref="SocketObserver.Listening"/>.</summary>
    Listening,

    /// <summary>See <see cref="SocketObserver.Accepted"/>.</summary>
    Accepted,

    /// <summary>See <see cref="SocketObserver.Connecting"/>.</summary>
    Connecting,

    /// <summary>See <see cref="SocketObserver.Connected"/>.</summary>
    Connected,

    /// <summary>See <see cref="SocketObserver.Sent"/>.</summary>
    Sent,

    /// <summary>See <see cref="SocketObserver.Received"/>.</summary>
    Received,

    /// <summary>See <see cref="SocketObserver.Handshaking"/>.</summary>
    Handshaking,

    /// <summary>See <see cref="SocketObserver.Handshaken"/>.</summary>
    Handshaken,

    /// <summary>See <see cref="SocketObserver.Decrypted"/>.</summary>
    Decrypted,

    /// <summary>See <see cref="SocketObserver.Encrypting"/>.</summary>
    Encrypting,

    /// <summary>See <see cref="SocketObserver.Frame"/>.</summary>
    Frame,

    /// <summary>See <see cref="SocketObserver.HalfClosed"/>.</summary>
    HalfClosed,

    /// <summary>See <see cref="SocketObserver.Reset"/>.</summary>
    Reset,

    /// <summary>See <see cref="SocketObserver.Error"/>.</summary>
    Error,

    /// <summary>See <see cref="SocketObserver.Faulted"/>.</summary>
    Faulted,

    /// <summary>See <see cref="SocketObserver.Closed"/>.</summary>
    Closed,
}
