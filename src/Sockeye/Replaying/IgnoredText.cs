using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Sockeye;

/// <summary>
/// Where a recorded stream matches patterns, and what comes in its place, which matches too and may be longer or shorter. As nobody knows how a stream is cut, a match is over
/// when what was recorded behind it comes.
/// </summary>
internal sealed class IgnoredText
{
    /// <summary>The most bytes that may stand where the recording matches once.</summary>
    public const int BytesMax = 16 * 1024;

    private readonly byte[] _expected;
    private readonly List<(int First, int End, Regex Pattern)> _places = [];
    private readonly ArrayBufferWriter<byte> _come = new();
    private int _next;

    /// <param name="expected">The recorded stream.</param>
    /// <param name="patterns">Of its bytes as Latin-1.</param>
    public IgnoredText(byte[] expected, IReadOnlyList<Regex> patterns)
    {
        _expected = expected;
        string text = Encoding.Latin1.GetString(expected);
        List<(int First, int End, Regex Pattern)> matches = [];
        foreach (Regex pattern in patterns)
        {
            foreach (ValueMatch match in pattern.EnumerateMatches(text))
                matches.Add((match.Index, match.Index + match.Length, pattern));
        }

        // Of those that overlap the first counts, and of two that begin together the longer.
        foreach ((int First, int End, Regex Pattern) match in matches.OrderBy(match => match.First).ThenByDescending(match => match.End))
        {
            if (match.End > match.First && (_places.Count == 0 || match.First >= _places[^1].End))
                _places.Add(match);
        }
    }

    /// <summary>Where in the recording the next place begins.</summary>
    public long First => _next < _places.Count ? _places[_next].First : long.MaxValue;

    /// <summary>Where it ends.</summary>
    public long End => _places[_next].End;

    /// <summary>What has come there.</summary>
    public ReadOnlySpan<byte> Come => _come.WrittenSpan;

    /// <summary>Whether all that has come there matches: perhaps it is over.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Takes what comes at the next place.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="rest">Those behind the place, when it is over.</param>
    /// <returns>False: it is longer than any may be.</returns>
    public bool TryTake(ReadOnlySpan<byte> data, out byte[] rest)
    {
        rest = [];
        _come.Write(data);
        int length = _come.WrittenCount > BytesMax ? 0 : MatchLength();
        IsWhole = length == _come.WrittenCount;
        if (_come.WrittenCount > BytesMax)
            return false;
        if (length == 0 || IsWhole || (End < _expected.Length && Come[length] != _expected[End]))
            return true;
        rest = Come[length..].ToArray();
        _come.ResetWrittenCount();
        _next++;
        return true;
    }

    private int MatchLength()
    {
        foreach (ValueMatch match in _places[_next].Pattern.EnumerateMatches(Encoding.Latin1.GetString(Come)))
            return match.Index == 0 ? match.Length : 0;
        return 0;
    }
}
