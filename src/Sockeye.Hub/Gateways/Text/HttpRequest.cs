using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;

namespace Sockeye.Hub.Gateways.Text;

/// <summary>A browser at the plain-text door: it is told where the page is, and nothing it sends is taken for a chat.</summary>
internal static class HttpRequest
{
    /// <summary>What the first bytes of every request are (RFC 9110, section 9.3), as far as browsers make them.</summary>
    private static readonly byte[][] Beginnings = [.. new[] { "GET ", "HEAD ", "POST ", "PUT ", "OPTIONS ", "DELETE ", "PATCH ", "CONNECT ", "TRACE " }.Select(Encoding.ASCII.GetBytes)];

    /// <summary>Whether the first that a client sends is a request: a method, a target and a version on the first line.</summary>
    public static bool IsOne(ReadOnlySequence<byte> bytes)
    {
        SequenceReader<byte> reader = new(bytes);
        return Array.Exists(Beginnings, beginning => StartsWith(bytes, beginning))
            && reader.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n')
            && Encoding.Latin1.GetString(line).TrimEnd('\r') is var text
            && (text.EndsWith(" HTTP/1.1", StringComparison.Ordinal) || text.EndsWith(" HTTP/1.0", StringComparison.Ordinal));
    }

    /// <summary>The answer: a page that points to the page.</summary>
    public static byte[] Answer(string? page)
    {
        string advice = page is null
            ? "<p>This hub has no page: use telnet or nc."
            : $"<p>The page is at <a href=\"{WebUtility.HtmlEncode(page)}\">{WebUtility.HtmlEncode(page)}</a>.";
        string body = $"<!doctype html><meta charset=utf-8><title>Sockeye hub</title><p>This is the hub's plain-text door, for telnet and nc.{advice}\n";
        string head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n");
        return Encoding.UTF8.GetBytes(head + body);
    }

    private static bool StartsWith(ReadOnlySequence<byte> bytes, byte[] beginning) =>
        bytes.Length >= beginning.Length && bytes.Slice(0, beginning.Length).ToArray().AsSpan().SequenceEqual(beginning);
}
