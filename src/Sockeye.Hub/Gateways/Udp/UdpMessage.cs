namespace Sockeye.Hub.Gateways.Udp;

/// <summary>A message as the UDP door writes it.</summary>
/// <param name="Pieces">Its line, in pieces that fit into a datagram.</param>
/// <param name="Day">The day it was said on where the hub is: <see cref="DateOnly.DayNumber"/>.</param>
internal sealed record UdpMessage(byte[][] Pieces, int Day);
