using System.Collections;
using System.Text;
using QRCoder;

namespace Sockeye.Cli.Hubs;

/// <summary>
/// A QR code for a terminal: two of its squares a character. Black on white in colours of their own, as some readers take no code of the opposite, and nobody
/// knows whether a terminal is light or dark.
/// </summary>
internal static class QrPicture
{
    /// <summary>Number 16 and 231 of the 256 colours are black and white in every theme, which 0 and 15 are not.</summary>
    private const string BlackOnWhite = "\u001b[38;5;16;48;5;231m";

    private const string AsBefore = "\u001b[0m";

    /// <summary>The picture with its margin, in lines that each end; null when it is wider than <paramref name="columns"/>.</summary>
    public static string? Draw(string text, int columns)
    {
        using QRCodeGenerator generator = new();
        using QRCodeData code = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.L);
        List<BitArray> rows = code.ModuleMatrix;
        if (rows.Count > columns)
            return null;
        StringBuilder picture = new();
        for (int y = 0; y < rows.Count; y += 2)
        {
            picture.Append(BlackOnWhite);
            for (int x = 0; x < rows.Count; x++)
                picture.Append(Character(rows[y][x], y + 1 < rows.Count && rows[y + 1][x]));
            picture.Append(AsBefore).Append('\n');
        }

        return picture.ToString();
    }

    private static char Character(bool top, bool bottom) => (top, bottom) switch
    {
        (true, true) => '█',
        (true, false) => '▀',
        (false, true) => '▄',
        _ => ' ',
    };
}
