namespace Sockeye.Hub.Domain;

/// <summary>How much a chat has in mind.</summary>
internal readonly record struct ChatSizes(int Clients, int Members, int People, int Names, int Rooms, int Watched);
