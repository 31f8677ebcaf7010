using System.Buffers;
using System.Text;

namespace Sockeye;

/// <summary>The characters that no part of an address may hold as they are. Paths write them as percent escapes.</summary>
internal static class AddressCharacters
{
    /// <summary>
    /// Whether a character has to be escaped: it ends an address elsewhere (space, #), is a separator on one system only (\), or
    /// cannot be seen, so that two different addresses would look alike.
    /// </summary>
    public static bool NeedsEscape(Rune rune) => rune.Value is ' ' or '#' or '\\' || Display.IsInvisible(rune);

    /// <summary>The problem with the first such character in the text, or null.</summary>
    public static string? FindProblem(string text)
    {
        for (int position = 0; position < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(position), out Rune rune, out int length) != OperationStatus.Done)
                return $"half of a surrogate pair stands at position {position + 1}; remove it";
            if (NeedsEscape(rune))
                return Problem(rune, position + 1);
            position += length;
        }

        return null;
    }

    /// <summary>The UTF-8 bytes of a character as percent escapes.</summary>
    public static string Escape(Rune rune)
    {
        Span<byte> bytes = stackalloc byte[4];
        return Escape(bytes[..rune.EncodeToUtf8(bytes)]);
    }

    /// <inheritdoc cref="Escape(Rune)"/>
    public static string Escape(ReadOnlySpan<byte> bytes)
    {
        StringBuilder builder = new(bytes.Length * 3);
        foreach (byte value in bytes)
            builder.Append('%').Append(value.ToString("X2"));
        return builder.ToString();
    }

    /// <summary>The byte that <c>%XX</c> at this position stands for, or null when it is not an escape.</summary>
    public static byte? Unescape(string text, int position) =>
        position + 2 < text.Length && char.IsAsciiHexDigit(text[position + 1]) && char.IsAsciiHexDigit(text[position + 2])
            ? Convert.FromHexString(text.AsSpan(position + 1, 2))[0]
            : null;

    private static string Problem(Rune rune, int position) => rune.Value switch
    {
        ' ' => $"there is a space at position {position}; remove it, or write %20 in a path",
        '#' => $"there is a # at position {position}, but addresses have no fragment; remove it, or write %23 in a path",
        '\\' => $"there is a backslash at position {position}; write / instead, or %5C in a path",
        _ => $"there is an invisible character U+{rune.Value:X4} at position {position}; remove it, or write {Escape(rune)} in a path",
    };
}
