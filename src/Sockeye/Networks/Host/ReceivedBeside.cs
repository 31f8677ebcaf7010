namespace Sockeye;

/// <summary>What the kernel told of a message beside its bytes.</summary>
internal sealed record ReceivedBeside(int? HopLimit, DateTime? ReceivedAt);
