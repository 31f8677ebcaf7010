namespace Sockeye;

/// <summary>What <see cref="Connection.Detach"/> gives back.</summary>
/// <param name="Socket">The socket; its data calls work again, and its owner is the caller.</param>
/// <param name="Unread">What was received and not consumed: it comes before what the socket receives next.</param>
public readonly record struct DetachedConnection(NetworkSocket Socket, ReadOnlyMemory<byte> Unread);
