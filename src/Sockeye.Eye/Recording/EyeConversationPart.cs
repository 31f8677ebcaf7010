namespace Sockeye.Eye.Recording;

/// <summary>Some of a conversation's events, and which of them are kept.</summary>
/// <param name="Events">The events.</param>
/// <param name="FirstIndex">The oldest that is kept.</param>
/// <param name="NextIndex">The next that will come.</param>
internal sealed record EyeConversationPart(EyeEvent[] Events, int FirstIndex, int NextIndex);
