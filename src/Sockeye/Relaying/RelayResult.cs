namespace Sockeye;

/// <summary>What <see cref="Relay.RunAsync"/> did.</summary>
/// <param name="First">The first connection's side.</param>
/// <param name="Second">The second's.</param>
public sealed record RelayResult(RelaySide First, RelaySide Second);
