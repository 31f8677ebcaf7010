using System.Text;

namespace Sockeye;

/// <summary>Colours parts of lines, or not (ECMA-48, 8.3.117, SGR). The sixteen colours that every terminal's own theme defines.</summary>
internal sealed class LineInk(bool isOn)
{
    private const string Reset = "\e[0m";

    public void Append(StringBuilder line, Ink ink, string text)
    {
        Begin(line, ink);
        line.Append(text);
        End(line);
    }

    public void Begin(StringBuilder line, Ink ink)
    {
        if (isOn)
            line.Append(Sequence(ink));
    }

    public void End(StringBuilder line)
    {
        if (isOn)
            line.Append(Reset);
    }

    /// <summary>How many characters of the line are no text.</summary>
    public int Length(StringBuilder line)
    {
        if (!isOn)
            return 0;
        int length = 0;
        string text = line.ToString();
        for (int start = text.IndexOf('\e', StringComparison.Ordinal); start >= 0; start = text.IndexOf('\e', start + 1))
            length += text.IndexOf('m', start) - start + 1;
        return length;
    }

    private static string Sequence(Ink ink) => ink switch
    {
        Ink.Time or Ink.Note => "\e[2m",
        Ink.Client => "\e[36m",
        Ink.Server => "\e[32m",
        Ink.Error => "\e[31m",
        _ => "\e[1m",
    };
}
