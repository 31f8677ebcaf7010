namespace Sockeye.Hub.Domain;

/// <summary>A member who is here by way of one hub, and the rooms they are in there.</summary>
internal sealed class Presence(Person person)
{
    public Person Person { get; set; } = person;

    public List<Room> Rooms { get; } = new(1);
}
