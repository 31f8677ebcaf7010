namespace Sockeye.Hub.Domain;

/// <summary>One hub among those that share a store and a bus; it owns the presence of those who are connected to it.</summary>
internal readonly record struct HubId(string Value);
