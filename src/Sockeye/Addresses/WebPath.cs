using System.Text;

namespace Sockeye;

/// <summary>The path and query of a web address, made ready for a request line: ASCII, everything else percent-encoded.</summary>
internal static class WebPath
{
    // RFC 3986 section 3.3 and 3.4 (pchar, "/" and "?"), and the brackets that query strings use everywhere.
    private const string Punctuation = "-._~!$&'()*+,;=:@/?[]";

    /// <summary>Reads what follows the authority; returns the problem, or null.</summary>
    public static string? Read(string text, out string path)
    {
        StringBuilder builder = new(text.Length + 1);
        if (!text.StartsWith('/'))
            builder.Append('/');
        for (int position = 0; position < text.Length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(position), out Rune rune, out int length);
            if (rune.Value == '%' && AddressCharacters.Unescape(text, position) is null)
            {
                path = "";
                return "a % needs two hexadecimal digits after it; write %25 for the sign itself";
            }

            if (rune.Value == '%' || IsPlain(rune))
                builder.Append(rune);
            else
                builder.Append(AddressCharacters.Escape(rune));
            position += length;
        }

        path = builder.ToString();
        return null;
    }

    private static bool IsPlain(Rune rune) =>
        rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value) || Punctuation.Contains((char)rune.Value));
}
