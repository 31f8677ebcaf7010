using System.Text;

namespace Sockeye.Repository.Tests.PublicApi;

/// <summary>What changed between two texts, line by line, each change under the unindented line it belongs to.</summary>
internal static class LineDifference
{
    public static string Between(string before, string after)
    {
        string[] old = before.Split('\n'), current = after.Split('\n');
        int[,] common = CommonLengths(old, current);
        var text = new StringBuilder();
        string owner = "", printedOwner = "";
        int i = 0, j = 0;
        while (i < old.Length || j < current.Length)
        {
            if (i < old.Length && j < current.Length && old[i] == current[j])
            {
                if (IsDeclaration(old[i]))
                    owner = old[i];
                i++;
                j++;
                continue;
            }
            if (owner != printedOwner)
                text.Append("  ").Append(printedOwner = owner).Append('\n');
            if (j == current.Length || (i < old.Length && common[i + 1, j] >= common[i, j + 1]))
                text.Append("- ").Append(old[i++]).Append('\n');
            else
                text.Append("+ ").Append(current[j++]).Append('\n');
        }
        return text.ToString();
    }

    private static bool IsDeclaration(string line) => line.Length > 1 && line[0] != ' ';

    /// <summary>At [i, j]: how many lines the longest common subsequence of old[i..] and current[j..] has.</summary>
    private static int[,] CommonLengths(string[] old, string[] current)
    {
        int[,] lengths = new int[old.Length + 1, current.Length + 1];
        for (int i = old.Length - 1; i >= 0; i--)
        {
            for (int j = current.Length - 1; j >= 0; j--)
                lengths[i, j] = old[i] == current[j] ? lengths[i + 1, j + 1] + 1 : Math.Max(lengths[i + 1, j], lengths[i, j + 1]);
        }
        return lengths;
    }
}
