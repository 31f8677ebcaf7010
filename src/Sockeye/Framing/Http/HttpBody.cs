using System.Globalization;

namespace Sockeye;

/// <summary>How the body that follows a head ends: RFC 9112, section 6.3. Where the RFC lets a message be refused that two readers may read in two ways, it is.</summary>
/// <param name="Stage">What follows the head.</param>
/// <param name="Length">The body's length, where that is known.</param>
internal readonly record struct HttpBody(HttpStage Stage, long Length = 0)
{
    private const string VersionBegin = "HTTP/1.";
    private const int NoContent = 204;
    private const int NotModified = 304;

    private static HttpBody None => new(HttpStage.Length);

    /// <exception cref="ProtocolException">The start line is none, or the headers contradict each other.</exception>
    public static HttpBody After(HttpHead head)
    {
        int? status = Status(head.StartLine);
        if (status is (>= 100 and < 200) or NoContent or NotModified)
            return None;
        string? length = head["Content-Length"];
        string[] encodings = head.Elements("Transfer-Encoding");
        if (encodings.Length > 0)
        {
            if (length is not null)
                throw new ProtocolException("An HTTP message with Content-Length beside Transfer-Encoding: who reads the one and who reads the other read different messages.");
            if (encodings[^1].Equals("chunked", StringComparison.OrdinalIgnoreCase))
                return new HttpBody(HttpStage.Chunk);
            return status is not null ? new HttpBody(HttpStage.UntilEnd) : throw new ProtocolException("An HTTP request whose Transfer-Encoding does not end with chunked has no end.");
        }

        return length is not null ? new HttpBody(HttpStage.Length, ReadLength(head.Elements("Content-Length")))
            : status is null ? None : new HttpBody(HttpStage.UntilEnd);
    }

    /// <summary>The status of a response; null: it is a request.</summary>
    private static int? Status(string startLine)
    {
        string[] words = startLine.Split(' ', 3);
        if (IsVersion(words[0]))
        {
            return words.Length > 1 && words[1].Length == 3 && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int status)
                ? status : throw new ProtocolException($"{Display.Quote(startLine)} is no status line of HTTP/1.1 (RFC 9112, 4).");
        }

        return words.Length == 3 && HttpHead.IsToken(words[0]) && words[1].Length > 0 && IsVersion(words[2])
            ? null : throw new ProtocolException($"{Display.Quote(startLine)} is no request line of HTTP/1.1 (RFC 9112, 3).");
    }

    private static bool IsVersion(string word) =>
        word.Length == VersionBegin.Length + 1 && word.StartsWith(VersionBegin, StringComparison.Ordinal) && char.IsAsciiDigit(word[^1]);

    private static long ReadLength(string[] values)
    {
        // The same more than once is allowed (RFC 9112, section 6.3, number 5).
        if (values.Length == 0 || values.Any(value => value != values[0]) || values[0].AsSpan().ContainsAnyExceptInRange('0', '9'))
            throw new ProtocolException($"{Display.Quote(string.Join(", ", values))} is no Content-Length (RFC 9110, 8.6).");
        return long.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out long length) ? length : long.MaxValue;
    }
}
