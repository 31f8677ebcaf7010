namespace Sockeye.Hub.Gateways.Web;

/// <summary>An event as it waits to be sent to a page.</summary>
/// <param name="Bytes">Its JSON.</param>
/// <param name="IsOfWire">Whether it tells of the wire: what the wire tab is told it does not show again.</param>
internal readonly record struct WebMessage(ReadOnlyMemory<byte> Bytes, bool IsOfWire = false);
