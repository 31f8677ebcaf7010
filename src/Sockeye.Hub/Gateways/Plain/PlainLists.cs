using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Gateways.Plain;

/// <summary>People in a line.</summary>
internal static class PlainLists
{
    /// <summary>How many people are named at a time.</summary>
    public const int PeopleShown = 20;

    /// <summary>"* 23 people are here: Tom, Jack (away), … and 3 more."</summary>
    public static string People(PeopleView people, string where)
    {
        string names = string.Join(", ", people.Some.Take(PeopleShown).Select(Name));
        int more = people.Count - Math.Min(people.Some.Count, PeopleShown);
        string rest = more > 0 ? $" and {more} more" : "";
        return people.Count == 1 ? $"* 1 person is {where}: {names}." : $"* {people.Count} people are {where}: {names}{rest}.";
    }

    private static string Name(Person person) => person.Away is null ? person.Member.Name : $"{person.Member.Name} (away)";
}
