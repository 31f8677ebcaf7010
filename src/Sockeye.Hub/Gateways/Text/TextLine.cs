namespace Sockeye.Hub.Gateways.Text;

/// <summary>A message as the plain-text door writes it.</summary>
/// <param name="Bytes">UTF-8 with its line end.</param>
/// <param name="Day">The day it was said on where the hub is: <see cref="DateOnly.DayNumber"/>.</param>
internal sealed record TextLine(byte[] Bytes, int Day);
