using System.Buffers;
using System.Net.WebSockets;
using System.Text;

namespace Sockeye.Tests.Framing.WebSocket;

/// <summary>What a decoder makes of bytes that come in pieces, as text.</summary>
internal static class WebSocketTranscript
{
    private const int ShownMax = 32;

    public static WebSocketDecoder Decoder(bool isServer, WebSocketCase row) => new(
        isServer, row.MessageSizeMax, row.WindowBits is { } bits ? new Inflater(bits) : null, row.KeepsContext);

    public static string Of(WebSocketDecoder decoder, IEnumerable<ReadOnlyMemory<byte>> chunks, int outputSize = 4096)
    {
        List<string> events = [];
        ArrayBufferWriter<byte> message = new();
        byte[] output = new byte[outputSize];
        ReadOnlySequence<byte> input = default;
        try
        {
            foreach (ReadOnlyMemory<byte> chunk in chunks)
            {
                input = Sequences.Join([.. Segments(input), chunk]);
                while (true)
                {
                    WebSocketEventKind kind = decoder.Decode(ref input, output, out int written);
                    message.Write(output.AsSpan(0, written));
                    if (kind == WebSocketEventKind.NeedsMore)
                        break;
                    if (kind == WebSocketEventKind.EndOfMessage)
                    {
                        events.Add(Show(decoder.IsText ? "text" : "binary", message.WrittenSpan));
                        message.ResetWrittenCount();
                    }
                    else if (kind == WebSocketEventKind.Close)
                    {
                        (WebSocketCloseStatus status, string reason) = WebSocketCloseCodes.Parse(decoder.ControlPayload);
                        events.Add($"close {(int)status} '{reason}'");
                    }
                    else if (kind != WebSocketEventKind.Data)
                    {
                        events.Add(Show(kind == WebSocketEventKind.Ping ? "ping" : "pong", decoder.ControlPayload));
                    }
                }
            }
        }
        catch (WebSocketFailure e)
        {
            events.Add($"fail {(int)e.Status}");
        }

        return string.Join(", ", events);
    }

    private static string Show(string what, ReadOnlySpan<byte> bytes) =>
        bytes.Length > ShownMax ? $"{what} {bytes.Length}" : $"{what} '{Encoding.Latin1.GetString(bytes)}'";

    private static List<ReadOnlyMemory<byte>> Segments(in ReadOnlySequence<byte> input)
    {
        List<ReadOnlyMemory<byte>> segments = [];
        foreach (ReadOnlyMemory<byte> segment in input)
            segments.Add(segment);
        return segments;
    }
}
