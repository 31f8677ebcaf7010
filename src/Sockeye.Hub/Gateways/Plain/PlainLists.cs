using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Gateways.Plain;

/// <summary>People in a line.</summary>
internal static class PlainLists
{
    /// <summary>How many people are named at a time.</summary>
    private const int PeopleShown = 20;

    /// <summary>"23 people are here: Tom, Jack (away), … 3 more and you."</summary>
    /// <param name="people">Who.</param>
    /// <param name="you">Who reads it.</param>
    /// <param name="where">Where they are: "here".</param>
    public static string People(PeopleView people, Member? you, string where)
    {
        if (people.Count == 1 && people.Some.Count == 1 && people.Some[0].Member.Id == you?.Id)
            return $"Only you are {where}.";
        Person[] others = [.. people.Some.Where(person => person.Member.Id != you?.Id)];
        int countOfOthers = people.Count - (others.Length < people.Some.Count ? 1 : 0);
        List<string> names = [.. others.Take(PeopleShown).Select(Name)];
        if (countOfOthers > names.Count)
            names.Add($"{countOfOthers - names.Count} more");
        if (others.Length < people.Some.Count)
            names.Add("you");
        string list = names.Count < 2 ? string.Concat(names) : $"{string.Join(", ", names[..^1])} and {names[^1]}";
        return people.Count switch
        {
            0 => $"Nobody is {where}.",
            1 => $"1 person is {where}: {list}.",
            _ => $"{people.Count} people are {where}: {list}.",
        };
    }

    private static string Name(Person person) => person.Away switch
    {
        null => person.Member.Name,
        "" => $"{person.Member.Name} (away)",
        { } why => $"{person.Member.Name} (away: {why})",
    };
}
