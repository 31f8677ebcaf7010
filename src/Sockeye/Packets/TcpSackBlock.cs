namespace Sockeye;

/// <summary>Bytes that have come out of order (RFC 2018 section 3).</summary>
/// <param name="Left">The first sequence number of the block.</param>
/// <param name="Right">The sequence number right behind its last.</param>
public readonly record struct TcpSackBlock(uint Left, uint Right);
