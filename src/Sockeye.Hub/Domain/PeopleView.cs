namespace Sockeye.Hub.Domain;

/// <summary>Who is here, as far as it is told.</summary>
/// <param name="Room">In which room; null: anywhere.</param>
/// <param name="Some">The first of them, in the order they came.</param>
/// <param name="Count">How many there are.</param>
internal sealed record PeopleView(Conversation? Room, IReadOnlyList<Person> Some, int Count);
