using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Sockeye.Cli.Output;

/// <summary>Events as JSON, one object a line: docs/cli-json.md.</summary>
internal sealed class JsonFormat : EventFormat
{
    public override string Format(CliEvent happened) => JsonLine.Format(happened.Kind.ToString().ToLowerInvariant(), happened.Time, json =>
    {
        JsonLine.Write(json, "connection", happened.Connection);
        JsonLine.Write(json, "address", happened.Address);
        JsonLine.Write(json, "peer", happened.Peer);
        JsonLine.Write(json, "target", happened.Target);
        JsonLine.Write(json, "direction", happened.Direction);
        JsonLine.Write(json, "tls", happened.Tls);
        JsonLine.Write(json, "fingerprint", happened.Fingerprint);
        JsonLine.Write(json, "type", happened.MessageType);
        JsonLine.Write(json, "bytes", happened.Bytes);
        JsonLine.Write(json, "sent", happened.Sent);
        if (happened.Duration is { } duration)
            json.WriteNumber("milliseconds", Math.Round(duration.TotalMilliseconds, 3));
        if (happened.Preview is { } preview)
            WriteBytes(json, preview, happened.Bytes ?? preview.Length);
        JsonLine.Write(json, "reason", happened.Reason);
        JsonLine.Write(json, "message", happened.Message);
        JsonLine.Write(json, "closeStatus", happened.CloseStatus);
        JsonLine.Write(json, "closeReason", happened.CloseReason);
        JsonLine.Write(json, "code", happened.ExitCode);
        JsonLine.Write(json, "count", happened.Count);
    });

    /// <summary>UTF-8 as text, anything else as Base64, so that no byte is told wrong.</summary>
    public static void WriteBytes(Utf8JsonWriter json, byte[] preview, long length)
    {
        bool isCut = length > preview.Length;
        ReadOnlySpan<byte> whole = isCut ? WithoutCutCharacter(preview) : preview;
        if (Utf8.IsValid(whole))
            json.WriteString("text", whole);
        else
            json.WriteBase64String("base64", preview);
        if (isCut)
            json.WriteBoolean("cut", true);
    }

    /// <summary>Where we cut, we may have cut within a character.</summary>
    private static ReadOnlySpan<byte> WithoutCutCharacter(ReadOnlySpan<byte> bytes)
    {
        for (int tail = 1; tail < 4 && tail <= bytes.Length; tail++)
        {
            if (Rune.DecodeFromUtf8(bytes[^tail..], out _, out _) == OperationStatus.NeedMoreData)
                return bytes[..^tail];
        }

        return bytes;
    }
}
