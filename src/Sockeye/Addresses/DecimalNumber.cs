using System.Diagnostics.CodeAnalysis;

namespace Sockeye;

/// <summary>Whole numbers as addresses write them: ASCII digits only, no sign, no spaces, no leading zero.</summary>
internal static class DecimalNumber
{
    /// <summary>Reads a number from 0 to <paramref name="maximum"/>.</summary>
    /// <remarks>A leading zero is refused because half the tools of this world would read octal.</remarks>
    public static bool TryParse([NotNullWhen(true)] string? text, int maximum, out int number)
    {
        number = 0;
        return text is { Length: >= 1 and <= 10 }
            && IsDigits(text)
            && (text.Length == 1 || text[0] != '0')
            && int.TryParse(text, out number)
            && number <= maximum;
    }

    /// <summary>Whether the text is digits and nothing else.</summary>
    public static bool IsDigits(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('0', '9');
}
