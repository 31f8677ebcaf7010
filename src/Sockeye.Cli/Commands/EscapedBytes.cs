using System.Globalization;
using System.Text;

namespace Sockeye.Cli.Commands;

/// <summary>Bytes as they are written on a command line: UTF-8, with C's escapes for what cannot be typed.</summary>
internal static class EscapedBytes
{
    private const int HexDigits = 2;

    /// <summary>The bytes; null when an escape is none.</summary>
    public static byte[]? Parse(string text)
    {
        using MemoryStream bytes = new();
        for (ReadOnlySpan<char> rest = text; !rest.IsEmpty;)
        {
            int escape = rest.IndexOf('\\');
            ReadOnlySpan<char> plain = escape < 0 ? rest : rest[..escape];
            bytes.Write(Encoding.UTF8.GetBytes(plain.ToString()));
            rest = rest[plain.Length..];
            if (rest.IsEmpty)
                break;
            if (Take(ref rest) is not { } value)
                return null;
            bytes.WriteByte(value);
        }

        return bytes.ToArray();
    }

    /// <summary>Takes one escape off the front.</summary>
    private static byte? Take(ref ReadOnlySpan<char> rest)
    {
        if (rest.Length < 2)
            return null;
        char letter = rest[1];
        if (letter == 'x')
        {
            ReadOnlySpan<char> digits = rest[2..];
            if (digits.Length < HexDigits || !byte.TryParse(digits[..HexDigits], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value))
                return null;
            rest = digits[HexDigits..];
            return value;
        }

        rest = rest[2..];
        return letter switch
        {
            'n' => (byte)'\n',
            'r' => (byte)'\r',
            't' => (byte)'\t',
            '0' => 0,
            '\\' => (byte)'\\',
            _ => null,
        };
    }
}
