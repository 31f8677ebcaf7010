namespace Sockeye.Hub.Domain;

/// <summary>A room, or what two say to each other: the store gives it out.</summary>
internal readonly record struct ConversationId(long Value);
