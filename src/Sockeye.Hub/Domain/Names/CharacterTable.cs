using System.Globalization;
using System.Text;

namespace Sockeye.Hub.Domain;

/// <summary>What names need to know of Unicode and .NET without ICU does not: read from <c>characters.txt</c>, which <c>eng/names.py</c> makes.</summary>
internal sealed class CharacterTable
{
    private const string Resource = "characters.txt";

    private static readonly Lazy<CharacterTable> Shared = new(Load);

    private readonly Dictionary<int, Rune[]> _parts = [];
    private readonly List<(int First, int Last, string Script)> _scripts = [];

    private CharacterTable()
    {
    }

    /// <summary>The only one; read when it is first asked for.</summary>
    public static CharacterTable Instance => Shared.Value;

    /// <summary>A letter, digit or mark folded in case and taken apart for compatibility (Unicode's NFKD); itself, if it is that already.</summary>
    public ReadOnlySpan<Rune> PartsOf(ref readonly Rune rune) => _parts.TryGetValue(rune.Value, out Rune[]? parts) ? parts : new ReadOnlySpan<Rune>(in rune);

    /// <summary>The script of a letter that is in parts already; null: of none, or of all.</summary>
    public string? ScriptOf(Rune letter)
    {
        int low = 0;
        int high = _scripts.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            (int first, int last, string script) = _scripts[middle];
            if (letter.Value < first)
                high = middle - 1;
            else if (letter.Value > last)
                low = middle + 1;
            else
                return script;
        }

        return null;
    }

    private static CharacterTable Load()
    {
        CharacterTable table = new();
        using StreamReader reader = new(typeof(CharacterTable).Assembly.GetManifestResourceStream(Resource)!);
        bool isScripts = false;
        while (reader.ReadLine() is { } line)
        {
            if (line is "scripts")
                isScripts = true;
            else if (line is "decompositions" || line.StartsWith('#'))
                continue;
            else if (isScripts)
                table.AddScript(line.Split(' '));
            else
                table.AddParts(line.Split(' '));
        }

        return table;
    }

    private static int Parse(string hex) => int.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private void AddParts(string[] words) => _parts.Add(Parse(words[0]), [.. words.Skip(1).Select(word => new Rune(Parse(word)))]);

    private void AddScript(string[] words) => _scripts.Add((Parse(words[0]), Parse(words[1]), string.Intern(words[2])));
}
