using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sockeye.Cli.Output;

/// <summary>What every object of <c>--json</c> is: one line, which begins with the schema, what it is about, and when. docs/cli-json.md has them all.</summary>
internal static class JsonLine
{
    public const int Schema = 1;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The line, without its end.</summary>
    /// <param name="name">The event's.</param>
    /// <param name="time">When it was.</param>
    /// <param name="writeFields">Writes what else there is.</param>
    public static string Format(string name, DateTimeOffset time, Action<Utf8JsonWriter> writeFields)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("schema", Schema);
            json.WriteString("event", name);
            json.WriteString("time", time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture));
            writeFields(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A field that is there only where there is something to say.</summary>
    public static void Write(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    /// <inheritdoc cref="Write(Utf8JsonWriter, string, string?)"/>
    public static void Write(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }
}
