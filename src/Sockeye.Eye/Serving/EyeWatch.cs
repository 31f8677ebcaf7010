using System.Text.Json;

namespace Sockeye.Eye.Serving;

/// <summary>The conversation that a browser looks at.</summary>
internal sealed class EyeWatch(long number, int next)
{
    public long Number => number;

    /// <summary>The first event that it was not told of.</summary>
    public int Next { get; set; } = next;

    /// <summary>Null: it looks at none.</summary>
    /// <exception cref="JsonException">It is no such message.</exception>
    public static EyeWatch? Read(ReadOnlySpan<byte> message)
    {
        Utf8JsonReader reader = new(message);
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        JsonElement said = document.RootElement;
        if (said.ValueKind != JsonValueKind.Object || !said.TryGetProperty("watch", out JsonElement which))
            throw new JsonException("It says nothing of \"watch\".");
        if (which.ValueKind == JsonValueKind.Null)
            return null;
        int from = 0;
        if (which.ValueKind != JsonValueKind.Number || !which.TryGetInt64(out long number)
            || (said.TryGetProperty("from", out JsonElement first) && (first.ValueKind != JsonValueKind.Number || !first.TryGetInt32(out from) || from < 0)))
        {
            throw new JsonException("\"watch\" and \"from\" are numbers.");
        }

        return new EyeWatch(number, from);
    }
}
