using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Sockeye;

/// <summary>The start line and the headers of an HTTP/1.1 message: RFC 9112, sections 2 to 5. As strict as the RFC lets it be.</summary>
internal sealed class HttpHead
{
    /// <summary>The most headers of one message.</summary>
    public const int HeadersMax = 100;

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private readonly Dictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase);

    private HttpHead(string startLine) => StartLine = startLine;

    /// <summary>The request line or the status line.</summary>
    public string StartLine { get; }

    /// <summary>By name in any case; one that came more than once has its values joined by commas.</summary>
    public IReadOnlyDictionary<string, string> Headers => _headers;

    /// <summary>Takes the head off the front of <paramref name="input"/>, if it is all there.</summary>
    /// <param name="input">The bytes.</param>
    /// <param name="sizeMax">The most bytes it may have, with the empty line at its end.</param>
    /// <param name="head">The head.</param>
    /// <returns>False if more bytes are needed.</returns>
    /// <exception cref="FrameTooLargeException">It has more than <paramref name="sizeMax"/> bytes.</exception>
    /// <exception cref="ProtocolException">It is no such head.</exception>
    public static bool TryRead(ref ReadOnlySequence<byte> input, int sizeMax, [NotNullWhen(true)] out HttpHead? head) =>
        TryRead(ref input, sizeMax, 0, out head);

    /// <summary>As above, told how many bytes on the front were searched in vain for the end.</summary>
    public static bool TryRead(ref ReadOnlySequence<byte> input, int sizeMax, long searched, [NotNullWhen(true)] out HttpHead? head)
    {
        ReadOnlySpan<byte> end = "\r\n\r\n"u8;
        ReadOnlySequence<byte> window = input.AtMost(sizeMax);
        SequenceReader<byte> reader = new(window.Slice(Math.Clamp(searched - (end.Length - 1), 0, window.Length)));
        if (!reader.TryReadTo(out ReadOnlySequence<byte> _, end))
        {
            head = null;
            return input.Length < sizeMax ? false : throw new FrameTooLargeException(sizeMax);
        }

        ReadOnlySequence<byte> text = window.Slice(0, reader.Position);
        head = Parse(Encoding.Latin1.GetString(text.Slice(0, text.Length - end.Length)));
        input = input.Slice(reader.Position);
        return true;
    }

    public static bool IsToken(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(TokenCharacters);

    /// <summary>What may stand in a header's value: visible characters, spaces and tabs (RFC 9110, section 5.5).</summary>
    public static bool IsValue(string text) => !text.Any(character => character is (< ' ' and not '\t') or '\x7F' or > '\xFF');

    /// <summary>A header's value; null if it did not come.</summary>
    public string? this[string name] => _headers.GetValueOrDefault(name);

    /// <summary>Whether a header is a list that holds a word, in any case.</summary>
    public bool Lists(string name, string word) => Elements(name).Contains(word, StringComparer.OrdinalIgnoreCase);

    /// <summary>The elements of a header that is a list.</summary>
    public string[] Elements(string name) => this[name]?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static HttpHead Parse(string text)
    {
        string[] lines = text.Split("\r\n");
        if (lines.Length - 1 > HeadersMax)
            throw new ProtocolException($"An HTTP message with more than {HeadersMax} headers.");
        HttpHead head = new(IsValue(lines[0]) ? lines[0] : throw new ProtocolException($"An HTTP start line with control characters: {Display.Quote(lines[0])}."));
        foreach (string line in lines.AsSpan(1))
            head.Add(line);
        return head;
    }

    private void Add(string line)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        string name = colon < 0 ? "" : line[..colon];
        string value = line[(colon + 1)..].Trim(' ', '\t');
        if (!IsToken(name) || !IsValue(value))
            throw new ProtocolException($"{Display.Quote(line)} is no HTTP header (RFC 9112, 5).");
        _headers[name] = _headers.TryGetValue(name, out string? before) ? $"{before}, {value}" : value;
    }
}
