namespace Sockeye;

/// <summary>Reads fault plans. Never throws: they come from command lines and from strangers' requests.</summary>
internal static class FaultPlanParser
{
    /// <summary>Reads a plan; returns the whole error message, or null.</summary>
    public static string? Read(string text, out FaultPlan? plan)
    {
        plan = null;
        string? problem = text.Length > FaultPlan.LengthMax
            ? $"it has {text.Length} characters, more than {FaultPlan.LengthMax}; shorten it"
            : ReadSections(text, out plan);
        if (problem is null)
            return null;
        plan = null;
        return $"The faults {Display.Quote(text)} are not valid: {problem}.";
    }

    private static string? ReadSections(string text, out FaultPlan? plan)
    {
        plan = FaultPlan.None;
        if (text.Trim() is "" or FaultPlanPrinter.Nothing)
            return null;
        HashSet<(FaultDirection?, string)> seen = [];
        List<(FaultDirection? Direction, Item Item, FaultKey Key)> items = [];
        foreach (Item section in new Item(text, 0).Split(';'))
        {
            if (ReadPrefix(section, out FaultDirection? direction, out Item rest) is { } problem)
                return problem;
            foreach (Item item in rest.Split(','))
            {
                if (ReadKey(item, out FaultKey? key) is { } itemProblem)
                    return itemProblem;
                FaultDirection? of = key!.IsForConnection ? null : direction;
                if (!seen.Add((of, key.Name)))
                    return $"at {item.Position}, \"{key.Name}\" is given twice; keep one";
                items.Add((of, item, key));
            }
        }

        // What is said of one direction goes before what is said of both, wherever it stands.
        foreach ((FaultDirection? direction, Item item, FaultKey key) in items.OrderBy(row => row.Direction is null ? 0 : 1))
        {
            if (Apply(ref plan, direction, item, key) is { } problem)
                return problem;
        }

        return null;
    }

    private static string? ReadPrefix(Item section, out FaultDirection? direction, out Item rest)
    {
        (direction, rest) = (null, section);
        int colon = section.Text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return null;
        string name = section.Text[..colon].Trim();
        rest = section.From(colon + 1);
        direction = name switch
        {
            FaultPlanPrinter.Up => FaultDirection.Up,
            FaultPlanPrinter.Down => FaultDirection.Down,
            _ => null,
        };
        return direction is null ? $"at {section.Position}, {Display.Quote(name)} is no direction; they are up: (client to target) and down:" : null;
    }

    private static string? ReadKey(Item item, out FaultKey? key)
    {
        string name = item.Text.Split('=', 2)[0].Trim();
        key = FaultKeys.All.FirstOrDefault(row => row.Name == name);
        if (key is not null)
            return null;
        if (name.Length == 0)
            return $"at {item.Position}, a fault is missing; they are written as in delay=50ms, slice=1";
        string nearest = NearestWord.Find(name, FaultKeys.Names) is { } word ? $"did you mean \"{word}\"? There are" : "there are";
        return $"at {item.Position}, {Display.Quote(name)} is unknown; {nearest} {Display.List(FaultKeys.Names)}";
    }

    private static string? Apply(ref FaultPlan plan, FaultDirection? direction, Item item, FaultKey key)
    {
        string[] halves = item.Text.Split('=', 2, StringSplitOptions.TrimEntries);
        string? value = halves.Length == 2 ? halves[1] : null;
        FaultDirection[] directions = direction is { } one ? [one] : [FaultDirection.Up, FaultDirection.Down];
        foreach (FaultDirection each in directions)
        {
            if (key.Read(plan, each, value) is not { } changed)
                return $"at {item.Position}, {Display.Quote(item.Text)} is not right: {key.Name} is {key.Expected}";
            plan = changed;
        }

        return null;
    }

    /// <summary>A part of the text without the spaces around it, and where it begins.</summary>
    private readonly record struct Item(string Text, int Start)
    {
        /// <summary>As people count: the first character is 1.</summary>
        public int Position => Start + 1;

        public Item From(int index)
        {
            int start = index;
            while (start < Text.Length && char.IsWhiteSpace(Text[start]))
                start++;
            return new Item(Text[start..].TrimEnd(), Start + start);
        }

        public IEnumerable<Item> Split(char separator)
        {
            int start = 0;
            foreach (string part in Text.Split(separator))
            {
                yield return new Item(Text[..(start + part.Length)], Start).From(start);
                start += part.Length + 1;
            }
        }
    }
}
