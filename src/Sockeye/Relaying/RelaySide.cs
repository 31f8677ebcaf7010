namespace Sockeye;

/// <summary>What became of one side of a relay.</summary>
/// <param name="Bytes">How many of its bytes were passed on to the other side.</param>
/// <param name="End">How it ended.</param>
/// <param name="Error">Why, when it failed.</param>
public readonly record struct RelaySide(long Bytes, RelayEnd End, Exception? Error);
