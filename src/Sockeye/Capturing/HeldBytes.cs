namespace Sockeye;

/// <summary>Bytes of a TLS handshake that wait until it is known how it ends.</summary>
internal readonly record struct HeldBytes(DateTimeOffset Time, bool FromNear, long Position, byte[] Data);
