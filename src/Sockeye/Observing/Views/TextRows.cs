using System.Text;

namespace Sockeye;

/// <summary>Breaks text into rows of a terminal, at spaces where there are any.</summary>
internal static class TextRows
{
    /// <summary>The rows, each of at most so many columns; at least one.</summary>
    public static IReadOnlyList<string> Wrap(string text, int columnsMax)
    {
        List<string> rows = [];
        StringBuilder row = new();
        int width = 0;
        foreach (string word in text.Split(' '))
        {
            int length = TextColumns.Count(word);
            if (width > 0 && width + 1 + length > columnsMax)
                (width, row) = (0, EndRow(rows, row));
            if (width > 0)
                row.Append(' ');
            width += width > 0 ? 1 : 0;
            foreach (Rune rune in word.EnumerateRunes())
            {
                // A word that is longer than a row is cut where that is full.
                int columns = TextColumns.Count(rune);
                if (width > 0 && width + columns > columnsMax)
                    (width, row) = (0, EndRow(rows, row));
                row.Append(rune);
                width += columns;
            }
        }

        EndRow(rows, row);
        return rows;
    }

    private static StringBuilder EndRow(List<string> rows, StringBuilder row)
    {
        rows.Add(row.ToString());
        return row.Clear();
    }
}
