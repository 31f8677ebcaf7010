namespace Sockeye.Hub.Watching;

/// <summary>Something that happened on a connection, as it is shown to who watches.</summary>
/// <param name="Kind">What.</param>
/// <param name="At">When, from the connection's beginning.</param>
/// <param name="Bytes">How many bytes it is about.</param>
/// <param name="Text">The beginning of them, everything invisible as an escape; null: there is nothing to show, or <paramref name="IsHidden"/>.</param>
/// <param name="IsHidden">Whether there is something that is not shown: a password, or what others say.</param>
/// <param name="Data">The same as bytes, and more of them.</param>
internal readonly record struct WireEvent(WireEventKind Kind, TimeSpan At, long Bytes, string? Text = null, bool IsHidden = false, byte[]? Data = null);
