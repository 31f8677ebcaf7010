using System.Text;
using Sockeye.Eye.Recording;

namespace Sockeye.Eye.Serving;

/// <summary>Finds bytes in what was said, also where they go on from one event to the next of the same direction.</summary>
internal static class EyeSearch
{
    /// <summary>What is searched for; null: nothing, or too much. Letters of text are found in either case.</summary>
    public static EyePattern? ReadPattern(string? text, string? hex)
    {
        byte[] bytes;
        if (!string.IsNullOrEmpty(text))
        {
            bytes = Encoding.UTF8.GetBytes(text);
        }
        else
        {
            try
            {
                bytes = Convert.FromHexString((hex ?? "").Replace(" ", "", StringComparison.Ordinal));
            }
            catch (FormatException)
            {
                return null;
            }
        }

        return bytes.Length is > 0 and <= EyeLimits.SearchBytesMax ? new EyePattern(bytes, IgnoresCase: !string.IsNullOrEmpty(text)) : null;
    }

    /// <summary>The indices of the events in which a match begins.</summary>
    public static IEnumerable<int> Find(EyeEvent[] events, EyePattern pattern)
    {
        SortedSet<int> found = [];
        foreach (bool fromClient in new[] { true, false })
        {
            EyeEvent[] said = Array.FindAll(events, each => each.FromClient == fromClient && each.Data.Length > 0);
            for (int i = 0; i < said.Length && found.Count < EyeLimits.MatchesMax; i++)
            {
                if (pattern.BeginsIn(said, i))
                    found.Add(said[i].Index);
            }
        }

        return found;
    }
}
