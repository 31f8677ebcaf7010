using System.Text;

namespace Sockeye;

/// <summary>Gathers lines, so that a writer is called once for those that come together.</summary>
internal sealed class LineBuffer(TextWriter writer)
{
    private const int CharactersMax = 16 * 1024;

    private readonly StringBuilder _waiting = new();

    /// <summary>Takes one line, without its end.</summary>
    public void Add(StringBuilder line)
    {
        _waiting.Append(line).Append('\n');
        if (_waiting.Length >= CharactersMax)
            Write();
    }

    /// <summary>Writes out what waits. What the writer throws is the caller's; the lines are gone.</summary>
    public void Flush()
    {
        if (_waiting.Length == 0)
            return;
        Write();
        writer.Flush();
    }

    private void Write()
    {
        string text = _waiting.ToString();
        _waiting.Clear();
        writer.Write(text);
    }
}
