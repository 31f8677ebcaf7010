using System.Diagnostics.CodeAnalysis;

namespace Sockeye;

/// <summary>Numbers of bytes as options write them: <c>100</c>, <c>64k</c>, <c>1m</c>.</summary>
internal static class ByteCount
{
    private const int Kibibyte = 1024;
    private const int Mebibyte = 1024 * 1024;

    /// <summary>Reads a number of bytes from 0 to <paramref name="maximum"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, int maximum, out int count)
    {
        count = 0;
        if (string.IsNullOrEmpty(text))
            return false;
        int unit = text[^1] switch
        {
            'k' or 'K' => Kibibyte,
            'm' or 'M' => Mebibyte,
            _ => 1,
        };
        if (!DecimalNumber.TryParse(unit == 1 ? text : text[..^1], maximum / unit, out int number))
            return false;
        count = number * unit;
        return true;
    }

    /// <summary>The shortest form that is exact.</summary>
    public static string Print(int count) =>
        count == 0 ? "0"
        : count % Mebibyte == 0 ? $"{count / Mebibyte}m"
        : count % Kibibyte == 0 ? $"{count / Kibibyte}k"
        : $"{count}";
}
