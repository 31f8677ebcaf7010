namespace Sockeye.Hub.Gateways.Plain;

/// <summary>What somebody typed. Pure.</summary>
/// <param name="Command">The command in lower case, without its slash; null: it is something to say.</param>
/// <param name="Rest">What follows the command, or what is to be said.</param>
internal readonly record struct PlainLine(string? Command, string Rest)
{
    /// <summary>Reads a line: <c>/COMMAND REST</c>, a bare <c>quit</c>, or something to say, which <c>//</c> lets begin with a slash.</summary>
    /// <param name="text">The line, without spaces at either end.</param>
    public static PlainLine Read(string text)
    {
        if (text == "quit")
            return new PlainLine("quit", "");
        if (!text.StartsWith('/'))
            return new PlainLine(null, text);
        if (text.StartsWith("//", StringComparison.Ordinal))
            return new PlainLine(null, text[1..]);
        (string word, string rest) = Split(text[1..]);
        return new PlainLine(word.ToLowerInvariant(), rest);
    }

    /// <summary>The first word, and what follows it.</summary>
    public static (string First, string Others) Split(string text)
    {
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? (text, "") : (text[..space], text[(space + 1)..].TrimStart());
    }
}
