namespace Sockeye.Interop.Tests.Capture;

/// <summary>What Wireshark makes of a stream.</summary>
/// <param name="Client">Where it sees the one who began, as ADDRESS:PORT.</param>
/// <param name="Server">Where it sees the other.</param>
/// <param name="FromClient">The bytes of the one.</param>
/// <param name="FromServer">The bytes of the other.</param>
internal sealed record FollowedStream(string Client, string Server, byte[] FromClient, byte[] FromServer);
