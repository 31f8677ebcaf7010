using System.Buffers;
using System.Text.Json;
using Sockeye.Eye.Recording;

namespace Sockeye.Eye.Serving;

/// <summary>What the page is told, as JSON. Times are milliseconds since the recorder began. docs/eye-web.md has every field.</summary>
internal static class EyeJson
{
    private static readonly Dictionary<ConversationEventKind, string> Kinds =
        Enum.GetValues<ConversationEventKind>().ToDictionary(static kind => kind, static kind => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()));

    private static readonly Dictionary<EyeState, string> States =
        Enum.GetValues<EyeState>().ToDictionary(static state => state, static state => JsonNamingPolicy.CamelCase.ConvertName(state.ToString()));

    public static string NameOf(EyeState state) => States[state];

    public static ReadOnlyMemory<byte> Make(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new(1024);
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    public static void WriteList(Utf8JsonWriter json, EyeRecorder recorder, IEnumerable<EyeSummary> conversations)
    {
        json.WriteNumber("now", Milliseconds(recorder.Elapsed));
        json.WriteNumber("dropped", recorder.Dropped);
        json.WriteNumber("forgotten", recorder.Memory.Forgotten);
        json.WriteStartArray("conversations");
        foreach (EyeSummary conversation in conversations)
            Write(json, conversation);
        json.WriteEndArray();
    }

    public static void WriteEvents(Utf8JsonWriter json, long number, int after, EyeConversationPart part)
    {
        json.WriteNumber("conversation", number);
        json.WriteNumber("leftOut", Math.Max(0, part.FirstIndex - after));
        json.WriteNumber("next", part.Events.Length > 0 ? part.Events[^1].Index + 1 : Math.Max(after, part.FirstIndex));
        json.WriteNumber("count", part.NextIndex);
        json.WriteStartArray("events");
        foreach (EyeEvent happened in part.Events)
            Write(json, happened);
        json.WriteEndArray();
    }

    public static void WritePlot(Utf8JsonWriter json, EyePlot plot)
    {
        json.WriteNumber("start", Milliseconds(plot.Start));
        json.WriteNumber("width", Milliseconds(plot.Width));
        WriteSeries(json, "up", plot.Samples, static sample => sample.Up);
        WriteSeries(json, "down", plot.Samples, static sample => sample.Down);
        WriteSeries(json, "onTheWay", plot.Samples, static sample => sample.OnTheWay);
        WriteSeries(json, "clientRtt", plot.Samples, static sample => sample.ClientRoundTrip);
        WriteSeries(json, "serverRtt", plot.Samples, static sample => sample.ServerRoundTrip);
    }

    private static void WriteSeries(Utf8JsonWriter json, string name, EyeSample[] samples, Func<EyeSample, double> of)
    {
        json.WriteStartArray(name);
        foreach (EyeSample sample in samples)
        {
            double value = of(sample);
            if (double.IsNaN(value))
                json.WriteNullValue();
            else
                json.WriteNumberValue(Math.Round(value, 3));
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, EyeSummary conversation)
    {
        json.WriteStartObject();
        json.WriteNumber("id", conversation.Number);
        json.WriteString("type", conversation.Type.ToString().ToLowerInvariant());
        json.WriteString("client", conversation.Client);
        json.WriteString("door", conversation.Door);
        json.WriteString("server", conversation.Server);
        json.WriteBoolean("relayed", conversation.IsRelayed);
        json.WriteBoolean("bothSides", conversation.HasBothSides);
        json.WriteString("layer", conversation.Layer);
        json.WriteString("state", NameOf(conversation.State));
        json.WriteNumber("startedAt", Milliseconds(conversation.StartedAt));
        if (conversation.EndedAt is { } ended)
            json.WriteNumber("endedAt", Milliseconds(ended));
        json.WriteNumber("up", conversation.Up);
        json.WriteNumber("down", conversation.Down);
        WriteTcp(json, "clientRtt", conversation.ClientTcp?.RoundTripTime);
        WriteTcp(json, "serverRtt", conversation.ServerTcp?.RoundTripTime);
        if (conversation.ClientTcp is not null || conversation.ServerTcp is not null)
            json.WriteNumber("retransmits", (conversation.ClientTcp?.Retransmits ?? 0) + (conversation.ServerTcp?.Retransmits ?? 0));
        json.WriteNumber("firstEvent", conversation.FirstEvent);
        json.WriteNumber("events", conversation.EventCount);
        json.WriteNumber("rateSecond", conversation.RateSecond);
        json.WriteStartArray("rate");
        foreach (long bytes in conversation.Rate)
            json.WriteNumberValue(bytes);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTcp(Utf8JsonWriter json, string name, TimeSpan? roundTrip)
    {
        if (roundTrip is { } time && time > TimeSpan.Zero)
            json.WriteNumber(name, Milliseconds(time));
    }

    private static void Write(Utf8JsonWriter json, EyeEvent happened)
    {
        json.WriteStartObject();
        json.WriteNumber("index", happened.Index);
        json.WriteNumber("at", Milliseconds(happened.At));
        json.WriteString("kind", Kinds[happened.Kind]);
        json.WriteBoolean("fromClient", happened.FromClient);
        json.WriteBoolean("atSource", happened.AtSource);
        if (happened.IsRepeat)
            json.WriteBoolean("repeat", true);
        if (happened.Kind is ConversationEventKind.Data or ConversationEventKind.Encrypted or ConversationEventKind.Frame)
        {
            json.WriteNumber("offset", happened.Offset);
            json.WriteNumber("length", happened.Length);
        }

        if (happened.Data.Length > 0)
            json.WriteBase64String("preview", happened.Data.AsSpan(0, Math.Min(happened.Data.Length, EyeLimits.PreviewBytes)));
        if (happened.Masked > 0)
            json.WriteNumber("masked", happened.Masked);
        if (happened.Unmasked.Length > 0)
            json.WriteNumber("unmasked", happened.Unmasked.Sum(static range => range.Length));
        if (happened.Duration > TimeSpan.Zero)
            json.WriteNumber("duration", Milliseconds(happened.Duration));
        if (happened.Text is { } text)
            json.WriteString("text", text);
        json.WriteEndObject();
    }

    /// <summary>To the microsecond.</summary>
    private static decimal Milliseconds(TimeSpan time) => (decimal)(time.Ticks / TimeSpan.TicksPerMicrosecond) / 1000;
}
