using System.Text;

namespace Sockeye;

/// <summary>
/// What the first bytes of a stream look like: for saying that a peer speaks another protocol than was expected. A guess, from what protocols open or
/// answer with; a peer may send what it likes.
/// </summary>
public sealed record ProtocolGuess
{
    /// <summary>As many first bytes decide; more are not looked at.</summary>
    public const int BytesMax = 256;

    private const int PreviewWidth = 60;

    private static readonly string[] HttpMethods = ["GET ", "POST ", "HEAD ", "PUT ", "DELETE ", "OPTIONS ", "PATCH ", "CONNECT ", "TRACE ", "PRI * HTTP/2"];

    private ProtocolGuess(string protocol, string description, string? scheme = null) => (Protocol, Description, Scheme) = (protocol, description, scheme);

    /// <summary>The protocol's name: "TLS", "HTTP", "SSH".</summary>
    public string Protocol { get; }

    /// <summary>What it looks like, for a sentence: "a TLS alert", "an HTTP answer".</summary>
    public string Description { get; }

    /// <summary>The scheme of the addresses to try instead, "tls"; null where there is none.</summary>
    public string? Scheme { get; }

    /// <summary>What <paramref name="firstBytes"/> look like, or null when they look like nothing that is known here.</summary>
    public static ProtocolGuess? Of(ReadOnlySpan<byte> firstBytes)
    {
        ReadOnlySpan<byte> bytes = firstBytes[..Math.Min(firstBytes.Length, BytesMax)];
        if (IsTls(bytes) && bytes.Length >= 3)
            return OfTls(bytes);
        if (bytes.StartsWith("HTTP/"u8))
            return OfHttpAnswer(bytes);
        foreach (string method in HttpMethods)
        {
            if (StartsWith(bytes, method))
                return OfHttpRequest(bytes);
        }

        if (bytes.StartsWith("SSH-"u8))
            return new("SSH", "an SSH banner");
        if (bytes.StartsWith("PROXY "u8) || bytes.StartsWith("\r\n\r\n\0\r\nQUIT\n"u8))
            return new("PROXY", "a PROXY protocol header");
        if (bytes.StartsWith("220"u8) && bytes.Length > 3 && bytes[3] is (byte)' ' or (byte)'-')
            return Contains(bytes, "FTP") ? new("FTP", "an FTP greeting") : new("SMTP", "a mail server's greeting (SMTP)");
        if (bytes.StartsWith("* OK"u8))
            return new("IMAP", "a mail server's greeting (IMAP)");
        if (bytes.StartsWith("+OK"u8))
            return new("POP3", "a mail server's greeting (POP3)");
        return !bytes.IsEmpty && IsText(bytes) ? new("text", "plain text") : null;
    }

    /// <summary>The beginning, as text that a terminal can be shown: in quotes, with escapes for what is not plainly visible.</summary>
    internal static string Preview(ReadOnlySpan<byte> firstBytes)
    {
        StringBuilder text = new();
        int line = firstBytes.IndexOf((byte)'\n');
        ReadOnlySpan<byte> shown = line > 0 ? firstBytes[..line].TrimEnd((byte)'\r') : firstBytes;
        ByteText.AppendQuoted(text, shown, PreviewWidth);
        return text.ToString();
    }

    /// <summary>Whether it may be the beginning of a TLS record (RFC 8446, section 5.1): of type alert, handshake or the like, of a version 3.x.</summary>
    internal static bool IsTls(ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty || (bytes[0] is >= 0x14 and <= 0x17 && (bytes.Length < 2 || bytes[1] == 3) && (bytes.Length < 3 || bytes[2] <= 4));

    /// <summary>What only a client sends; from a server it is an echo.</summary>
    internal static bool IsClientHello(ReadOnlySpan<byte> bytes) => bytes.Length > 5 && IsTls(bytes) && bytes[0] == 0x16 && bytes[5] == 1;

    private static ProtocolGuess OfTls(ReadOnlySpan<byte> bytes) => (bytes[0], bytes.Length > 5 ? bytes[5] : -1) switch
    {
        (0x16, 1) => new("TLS", "a TLS ClientHello", "tls"),
        (0x16, 2) => new("TLS", "a TLS ServerHello", "tls"),
        (0x15, _) => new("TLS", $"a TLS alert{Alert(bytes)}", "tls"),
        _ => new("TLS", "a TLS record", "tls"),
    };

    /// <summary>The alerts that servers send to who does not speak TLS, or not theirs; RFC 8446, section 6.</summary>
    private static string Alert(ReadOnlySpan<byte> bytes) => bytes.Length < 7 ? "" : bytes[6] switch
    {
        10 => " (unexpected message)",
        22 => " (record overflow)",
        40 => " (handshake failure)",
        47 => " (illegal parameter)",
        50 => " (decode error)",
        70 => " (protocol version)",
        80 => " (internal error)",
        _ => $" ({bytes[6]})",
    };

    /// <summary>Web servers answer plain HTTP on their TLS port in plain HTTP, and say so in the text.</summary>
    private static ProtocolGuess OfHttpAnswer(ReadOnlySpan<byte> bytes)
    {
        if (Contains(bytes, "HTTPS port") || Contains(bytes, "HTTP request to an HTTPS"))
            return new("TLS", "an HTTP answer that asks for TLS", "tls");
        return Contains(bytes, "Upgrade: websocket") ? new("WebSocket", "a WebSocket answer", "ws") : new("HTTP", "an HTTP answer", "http");
    }

    private static ProtocolGuess OfHttpRequest(ReadOnlySpan<byte> bytes) =>
        Contains(bytes, "Upgrade: websocket") ? new("WebSocket", "a WebSocket request", "ws") : new("HTTP", "an HTTP request", "http");

    private static bool StartsWith(ReadOnlySpan<byte> bytes, string text) => bytes.Length >= text.Length && Ascii.Equals(bytes[..text.Length], text);

    private static bool Contains(ReadOnlySpan<byte> bytes, string text)
    {
        for (int i = 0; i + text.Length <= bytes.Length; i++)
        {
            if (Ascii.EqualsIgnoreCase(bytes.Slice(i, text.Length), text))
                return true;
        }

        return false;
    }

    private static bool IsText(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            if (value is < 0x20 and not ((byte)'\r' or (byte)'\n' or (byte)'\t') or >= 0x7f)
                return false;
        }

        return true;
    }
}
