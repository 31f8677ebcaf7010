namespace Sockeye.Hub.Domain;

/// <summary>Somebody, for ever: the store gives it out, and names may change.</summary>
internal readonly record struct MemberId(long Value);
