namespace Sockeye.Hub.Domain;

/// <summary>A member who is here.</summary>
/// <param name="Member">Who.</param>
/// <param name="Away">Why they are away, empty for no reason; null: they are not.</param>
internal sealed record Person(Member Member, string? Away);
