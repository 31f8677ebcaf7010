using System.Net;

namespace Sockeye;

/// <summary>One datagram that came.</summary>
/// <param name="Bytes">Its bytes, in the buffer that was given.</param>
/// <param name="From">Its sender.</param>
/// <param name="Truncated">Whether it was longer than the buffer; the rest is gone.</param>
public readonly record struct ReceivedDatagram(ReadOnlyMemory<byte> Bytes, EndPoint From, bool Truncated);
