using System.Globalization;
using System.Text.Json;
using Sockeye.Eye.Serving;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Watching;

namespace Sockeye.Hub.Gateways.Web;

/// <summary>What the wire tab is told, as JSON. docs/hub-web.md has the vocabulary.</summary>
internal static class WireJson
{
    /// <summary>The connections as they are now.</summary>
    /// <param name="clients">Which.</param>
    /// <param name="page">The page that is told.</param>
    public static byte[] Wires(ChatEvent.Clients clients, IChatClient page) => WebEvents.Write("wires", json =>
    {
        json.WriteNumber("count", clients.Count);
        json.WriteStartArray("wires");
        foreach (ClientView view in clients.List)
        {
            if (view.Client is IWired wired)
                WriteWire(json, view, wired.Look(), isPage: view.Client == page);
        }

        json.WriteEndArray();
    });

    /// <summary>What happened on the connection that is watched.</summary>
    public static byte[] Wire(long number, int first, IReadOnlyList<WireEvent> events, long notShown) => WebEvents.Write("wire", json =>
    {
        json.WriteString("wire", IdOf(number));
        json.WriteNumber("notShown", notShown);
        json.WriteNumber("first", first);
        json.WriteStartArray("events");
        foreach (WireEvent happened in events)
            WriteEvent(json, happened);
        json.WriteEndArray();
    });

    /// <summary>The connection is watched from now on.</summary>
    public static byte[] Watched(long number, TimeSpan age, string key) => WriteOne(number, json =>
    {
        json.WriteNumber("seconds", Math.Round(age.TotalSeconds, 6));
        json.WriteString("key", key);
    });

    /// <summary>There is no such connection, or it is not this page's business.</summary>
    public static byte[] Gone(long number) => WriteOne(number, json => json.WriteBoolean("gone", true));

    /// <summary>Something about the connection that is watched, without events.</summary>
    private static byte[] WriteOne(long number, Action<Utf8JsonWriter> write) => WebEvents.Write("wire", json =>
    {
        json.WriteString("wire", IdOf(number));
        json.WriteNumber("notShown", 0);
        write(json);
        json.WriteStartArray("events");
        json.WriteEndArray();
    });

    private static void WriteWire(Utf8JsonWriter json, ClientView view, WireFacts facts, bool isPage)
    {
        json.WriteStartObject();
        json.WriteString("id", IdOf(view.Number));
        json.WriteString("door", view.Client.Door);
        json.WriteString("who", view.Who?.Name);
        json.WriteBoolean("own", view.IsOwn);
        json.WriteBoolean("page", isPage);
        json.WriteString("from", facts.From);
        json.WriteString("layer", facts.Layer);
        json.WriteString("state", EyeJson.NameOf(facts.State));
        json.WriteNumber("seconds", Math.Round(facts.Age.TotalSeconds, 3));
        json.WriteNumber("received", facts.Received);
        json.WriteNumber("sent", facts.Sent);
        if (facts.RoundTrip is { } roundTrip)
            json.WriteNumber("roundTrip", Math.Round(roundTrip.TotalMilliseconds, 3));
        else
            json.WriteNull("roundTrip");
        json.WriteNumber("queue", facts.QueuedMessages);
        json.WriteNumber("queueBytes", facts.QueuedBytes);
        json.WriteEndObject();
    }

    private static void WriteEvent(Utf8JsonWriter json, WireEvent happened)
    {
        json.WriteStartObject();
        json.WriteNumber("at", Math.Round(happened.At.TotalSeconds, 6));
        json.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(happened.Kind.ToString()));
        json.WriteNumber("bytes", happened.Bytes);
        if (happened.Text is { } text)
            json.WriteString("text", text);
        if (happened.IsHidden)
            json.WriteBoolean("hidden", true);
        json.WriteEndObject();
    }

    private static string IdOf(long number) => number.ToString(CultureInfo.InvariantCulture);
}
