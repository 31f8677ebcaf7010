namespace Sockeye.Hub.Domain;

/// <summary>A room as a list of rooms shows it.</summary>
/// <param name="Room">Which.</param>
/// <param name="People">How many are in it now.</param>
internal sealed record RoomView(Conversation Room, int People);
