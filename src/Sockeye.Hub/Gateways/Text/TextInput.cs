namespace Sockeye.Hub.Gateways.Text;

/// <summary>One thing that a client sent.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Of a line: the line, without its end.</param>
/// <param name="Reply">Of telnet: what to answer.</param>
/// <param name="IsDamaged">Of a line: some of it was no UTF-8, and is U+FFFD now.</param>
internal readonly record struct TextInput(TextInputKind Kind, string Text = "", byte[]? Reply = null, bool IsDamaged = false);
