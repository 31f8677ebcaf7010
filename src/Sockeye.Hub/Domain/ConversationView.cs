namespace Sockeye.Hub.Domain;

/// <summary>A conversation as one member sees it.</summary>
/// <param name="Conversation">Which.</param>
/// <param name="LastNumber">The number of the latest message; 0: nothing was said.</param>
/// <param name="ReadNumber">Up to which number the member has read it.</param>
internal sealed record ConversationView(Conversation Conversation, long LastNumber, long ReadNumber);
