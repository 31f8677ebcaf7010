using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Sockeye;

/// <summary>The words of views for what happens. Nothing in them is raw: names and messages of strangers come as escapes.</summary>
internal static class ConversationWords
{
    /// <summary>An end point as an address; what cannot be written so in quotes.</summary>
    public static string Name(EndPoint? endPoint, SocketType type, ProtocolType protocol = ProtocolType.Unspecified)
    {
        if (endPoint is null)
            return "(unnamed)";
        try
        {
            return SocketErrors.Describe(EndPoints.Unmap(endPoint), type, protocol)!;
        }
        catch (ArgumentException)
        {
            return Display.Quote(endPoint.ToString() ?? "");
        }
    }

    public static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.000} ms");

    public static string Count(long count, string what) => count == 1 ? $"1 {what}" : string.Create(CultureInfo.InvariantCulture, $"{count:#,0} {what}s");

    /// <summary>A protocol that has shaken hands: <c>TLS 1.3 (TLS_AES_256_GCM_SHA384, h2)</c>, <c>WebSocket</c>.</summary>
    public static string Layer(Connection? layer)
    {
        if (layer is not TlsConnection tls)
            return layer is WebSocketConnection { SubProtocol: { Length: > 0 } sub } ? $"WebSocket ({Display.Quote(sub)})" : "WebSocket";
        return $"TLS {Version(tls)} ({tls.CipherSuite}{(tls.ApplicationProtocol is { Length: > 0 } protocol ? $", {Display.Quote(protocol)}" : "")})";
    }

    /// <summary>The version of TLS that was agreed on: <c>1.3</c>.</summary>
    public static string Version(TlsConnection tls) => tls.Protocol switch
    {
        SslProtocols.Tls12 => "1.2",
        SslProtocols.Tls13 => "1.3",
        SslProtocols other => $"{other}",
    };

    /// <summary>How bytes were cut: <c>12 bytes at once, which came as 8 + 4</c>, <c>3 of 8 bytes</c>.</summary>
    public static string Cut(long length, IReadOnlyList<(long Length, bool IsPart)> parts)
    {
        if (parts is [(_, true)])
            return $"{Count(length, "byte")}, a part of one write";
        const int Shown = 8;
        StringBuilder text = new($"{Count(length, "byte")} at once, of {parts.Count} writes: ");
        for (int i = 0; i < Math.Min(parts.Count, Shown); i++)
            text.Append(i > 0 ? " + " : "").Append(parts[i].Length).Append(parts[i].IsPart ? "…" : "");
        return text.Append(parts.Count > Shown ? " + …" : "").ToString();
    }

    /// <summary>What the kernel said: <c>RTT 0.041 ms, 0 retransmitted</c>.</summary>
    public static string? Kernel(TcpInfo? info) =>
        info is { } known ? $"RTT {Milliseconds(known.RoundTripTime)}, {known.Retransmits.ToString(CultureInfo.InvariantCulture)} retransmitted" : null;
}
