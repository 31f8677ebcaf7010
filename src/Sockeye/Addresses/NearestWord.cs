namespace Sockeye;

/// <summary>Finds the known word that a mistyped one was probably meant to be.</summary>
internal static class NearestWord
{
    // Longer than any word of ours: a hostile "word" must not cost a table of its own length.
    private const int WordLengthMax = 64;
    private const char PartSeparator = '-';

    /// <summary>
    /// The candidate nearest to <paramref name="word"/>, or null when none shares at least half of it. One that has it as a whole part, as <c>slow-close</c> has close, is
    /// as near as one slip.
    /// </summary>
    public static string? Find(string word, IEnumerable<string> candidates)
    {
        if (word.Length > WordLengthMax)
            return null;

        string lower = word.ToLowerInvariant();
        string? nearest = null;
        int nearestDistance = ((word.Length + 1) / 2) + 1;
        foreach (string candidate in candidates)
        {
            int distance = candidate.Split(PartSeparator, StringSplitOptions.RemoveEmptyEntries).Contains(lower) ? Math.Min(1, Distance(lower, candidate)) : Distance(lower, candidate);
            if (distance < nearestDistance)
                (nearest, nearestDistance) = (candidate, distance);
        }

        return nearest;
    }

    /// <summary>
    /// The edit distance: letters inserted, removed or replaced, and neighbours swapped, each counting one (optimal string alignment).
    /// </summary>
    /// <remarks>Swaps count one because they are what fingers do: "tpc" is one slip from "tcp", not two.</remarks>
    public static int Distance(string first, string second)
    {
        int[] beforePrevious = new int[second.Length + 1];
        int[] previous = new int[second.Length + 1];
        int[] current = new int[second.Length + 1];
        for (int column = 0; column <= second.Length; column++)
            previous[column] = column;

        for (int row = 1; row <= first.Length; row++)
        {
            current[0] = row;
            for (int column = 1; column <= second.Length; column++)
            {
                int replaced = previous[column - 1] + (first[row - 1] == second[column - 1] ? 0 : 1);
                int best = Math.Min(replaced, Math.Min(previous[column], current[column - 1]) + 1);
                bool swapped = row > 1 && column > 1
                    && first[row - 1] == second[column - 2] && first[row - 2] == second[column - 1];
                current[column] = swapped ? Math.Min(best, beforePrevious[column - 2] + 1) : best;
            }

            (beforePrevious, previous, current) = (previous, current, beforePrevious);
        }

        return previous[second.Length];
    }
}
