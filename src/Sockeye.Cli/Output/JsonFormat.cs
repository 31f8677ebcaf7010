using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Sockeye.Cli.Output;

/// <summary>Events as JSON, one object a line: docs/cli-json.md.</summary>
internal sealed class JsonFormat : EventFormat
{
    public const int Schema = 1;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override string Format(CliEvent happened)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("schema", Schema);
            json.WriteString("event", happened.Kind.ToString().ToLowerInvariant());
            json.WriteString("time", happened.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture));
            Write(json, "connection", happened.Connection);
            Write(json, "address", happened.Address);
            Write(json, "peer", happened.Peer);
            Write(json, "target", happened.Target);
            Write(json, "direction", happened.Direction);
            Write(json, "tls", happened.Tls);
            Write(json, "fingerprint", happened.Fingerprint);
            Write(json, "type", happened.MessageType);
            Write(json, "bytes", happened.Bytes);
            Write(json, "sent", happened.Sent);
            if (happened.Duration is { } duration)
                json.WriteNumber("milliseconds", Math.Round(duration.TotalMilliseconds, 3));
            if (happened.Preview is { } preview)
                WriteBytes(json, preview, happened.Bytes ?? preview.Length);
            Write(json, "reason", happened.Reason);
            Write(json, "message", happened.Message);
            Write(json, "closeStatus", happened.CloseStatus);
            Write(json, "closeReason", happened.CloseReason);
            Write(json, "code", happened.ExitCode);
            Write(json, "count", happened.Count);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

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

    private static void Write(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    private static void Write(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }
}
