using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;

namespace Sockeye.Hub.Gateways.Text;

/// <summary>
/// A browser at the plain-text door: it is told where the page is. Nothing it sends is taken for a chat: any web page can make a browser send what it likes here.
/// </summary>
/// <param name="Method">What is asked for, such as GET.</param>
/// <param name="Version">Such as HTTP/1.1.</param>
internal sealed record HttpRequest(string Method, string Version)
{
    /// <summary>The longest first line that is looked at, in bytes.</summary>
    private const int LineBytesMax = 8192;

    /// <summary>What methods are made of (RFC 9110, 9.1: case-sensitive; all that are registered are capitals and hyphens).</summary>
    private static readonly SearchValues<char> MethodCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ-");

    /// <summary>
    /// The request, if that is what the first line is: a method, a target and a version (RFC 9112, 3).
    /// </summary>
    public static HttpRequest? Read(ReadOnlySequence<byte> bytes)
    {
        SequenceReader<byte> reader = new(bytes.Slice(0, Math.Min(bytes.Length, LineBytesMax)));
        return reader.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n') ? Read(Encoding.Latin1.GetString(line).TrimEnd('\r')) : null;
    }

    /// <summary>Whether this may become a request when more of it has come.</summary>
    public static bool MayBecomeOne(ReadOnlySequence<byte> bytes)
    {
        string begun = Encoding.Latin1.GetString(bytes.Slice(0, Math.Min(bytes.Length, LineBytesMax)));
        int space = begun.IndexOf(' ', StringComparison.Ordinal);
        return bytes.Length < LineBytesMax && !begun.Contains('\n', StringComparison.Ordinal) && IsMethod(space < 0 ? begun : begun[..space]);
    }

    /// <summary>The same of a line.</summary>
    public static HttpRequest? Read(string line)
    {
        int method = line.IndexOf(' ', StringComparison.Ordinal);
        int version = line.LastIndexOf(' ');
        return method > 0 && version > method && IsMethod(line[..method]) && line.AsSpan(version + 1).StartsWith("HTTP/", StringComparison.Ordinal)
            ? new HttpRequest(line[..method], line[(version + 1)..])
            : null;
    }

    /// <summary>The answer: a page that points to the page.</summary>
    /// <param name="page">The page's address; null: there is none.</param>
    /// <param name="now">The answer's date.</param>
    public byte[] Answer(string? page, DateTimeOffset now)
    {
        string status = Version is not ("HTTP/1.1" or "HTTP/1.0") ? "505 HTTP Version Not Supported"
            : Method is "GET" or "HEAD" ? "200 OK"
            : "405 Method Not Allowed\r\nAllow: GET, HEAD";
        string link = WebUtility.HtmlEncode(page ?? "");
        string advice = page is null ? "This hub has no page: use <code>telnet</code> or <code>nc</code>." : $"""The page is at <a href="{link}">{link}</a>.""";
        string body = $"""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <title>Sockeye hub</title>
            <p>This is the hub's plain-text door, for <code>telnet</code> and <code>nc</code>. {advice}</p>

            """;
        string head = string.Create(CultureInfo.InvariantCulture, $"""
            HTTP/1.1 {status}
            Date: {now:R}
            Content-Type: text/html; charset=utf-8
            Content-Length: {Encoding.UTF8.GetByteCount(body)}
            Cache-Control: no-store
            Connection: close


            """).ReplaceLineEndings("\r\n");
        return Encoding.UTF8.GetBytes(Method == "HEAD" ? head : head + body);
    }

    private static bool IsMethod(string word) => word.Length > 0 && !word.AsSpan().ContainsAnyExcept(MethodCharacters);
}
