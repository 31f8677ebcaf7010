namespace Sockeye.Cli.Output;

/// <summary>
/// How the program's lines begin: as what stands behind "sockeye: ", or behind a peer and a colon, in lower case. Libraries tell in whole sentences what went wrong,
/// which begin with a capital.
/// </summary>
internal static class Sentences
{
    /// <summary>What has its capital in the midst of a sentence too.</summary>
    private static readonly string[] Names = ["Linux", "Python", "Sockeye", "Unix", "Windows"];

    /// <summary>The sentence behind a colon: an ordinary first word loses its capital; TCP, WebSocket and Unix keep theirs.</summary>
    public static string Continue(string sentence)
    {
        int end = sentence.AsSpan().IndexOfAny(" ,:;");
        if (end < 1 || !char.IsAsciiLetterUpper(sentence[0]))
            return sentence;
        string word = sentence[..end];
        return word[1..].All(char.IsAsciiLetterLower) && !Names.Contains(word) ? char.ToLowerInvariant(sentence[0]) + sentence[1..] : sentence;
    }
}
