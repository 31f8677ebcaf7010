using System.Globalization;
using System.Text;

namespace Sockeye.Cli.Tests.Eof;

/// <summary>The 24 answers as a table.</summary>
public sealed class EofMatrix(string title)
{
    private readonly Dictionary<EofCell, bool> _passed = [];

    public void Add(EofCell cell, bool passed)
    {
        lock (_passed)
            _passed[cell] = passed;
    }

    public string Print()
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"{title}: {_passed.Count(cell => cell.Value)} of {EofCell.All.Count}");
        text.AppendLine("                          the other direction is");
        text.AppendLine("                          quiet          full           ended");
        text.AppendLine("  role      direction     data   end     data   end     data   end");
        foreach (IGrouping<(EofRole Role, EofDirection Direction), EofCell> row in EofCell.All.GroupBy(cell => (cell.Role, cell.Direction)))
        {
            text.Append(CultureInfo.InvariantCulture, $"  {row.Key.Role.ToString().ToLowerInvariant(),-9} {row.Key.Direction.ToString().ToLowerInvariant(),-13} ");
            text.AppendJoin(' ', row.Select(cell => $"{Answer(cell),-6}{(cell.Question == EofQuestion.End ? " " : "")}"));
            text.AppendLine();
        }

        return string.Join("\n", text.ToString().Split("\n").Select(line => line.TrimEnd()));
    }

    private string Answer(EofCell cell) => _passed.TryGetValue(cell, out bool passed) ? passed ? "yes" : "NO" : "-";
}
