namespace Sockeye;

/// <summary>What a receive of one message found.</summary>
/// <param name="Count">The bytes placed in the buffer; 0 is an empty message, not an end.</param>
/// <param name="Truncated">Whether the message was longer than the buffer; what did not fit is gone.</param>
public readonly record struct DatagramResult(int Count, bool Truncated);
