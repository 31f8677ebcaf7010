namespace Sockeye;

/// <summary>The timestamps option (RFC 7323 section 3).</summary>
/// <param name="Value">The sender's clock.</param>
/// <param name="EchoReply">The other's clock, as the sender last heard it.</param>
public readonly record struct TcpTimestamps(uint Value, uint EchoReply);
