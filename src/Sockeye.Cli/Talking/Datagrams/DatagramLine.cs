namespace Sockeye.Cli.Talking.Datagrams;

/// <summary>A line that is to be a datagram.</summary>
/// <param name="Number">Its number in the input, from 1.</param>
/// <param name="Bytes">Its bytes without the LF; null if they are too many for a datagram.</param>
/// <param name="Length">How many they are.</param>
internal sealed record DatagramLine(long Number, byte[]? Bytes, long Length);
