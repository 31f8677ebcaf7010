using System.Globalization;
using System.Text.Json;
using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Gateways.Web;

/// <summary>What a page asks for, from JSON: one object a message. docs/hub-web.md has the vocabulary.</summary>
internal static class WebCommands
{
    /// <summary>The number of no client: who watches it watches nothing.</summary>
    public const long NoClient = 0;

    /// <summary>How much of what is not understood is said again.</summary>
    private const int QuotedCharactersMax = 40;

    private const int DepthMax = 4;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = DepthMax };

    /// <summary>Reads what a page sent.</summary>
    /// <exception cref="ProtocolException">It is not one of the objects that a page sends; the message says what is wrong.</exception>
    public static ChatInput.FromClient Read(ReadOnlyMemory<byte> bytes, IChatClient client)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes, Options);
            JsonElement json = document.RootElement;
            if (json.ValueKind != JsonValueKind.Object)
                throw new ProtocolException("A page sends JSON objects.");
            return Text(json, "type") switch
            {
                "return" => new ChatInput.Return(client),
                "name" => new ChatInput.TakeName(client, Text(json, "name"), OptionalText(json, "password")),
                "password" => new ChatInput.SetPassword(client, OptionalText(json, "password")),
                "claim" => new ChatInput.ClaimOwner(client, Text(json, "secret")),
                "join" => new ChatInput.Join(client, Text(json, "room")),
                "leave" => new ChatInput.Leave(client, Text(json, "room")),
                "say" => new ChatInput.Say(client, Text(json, "room"), Text(json, "text"), OptionalText(json, "key")),
                "tell" => new ChatInput.Tell(client, Text(json, "to"), Text(json, "text"), OptionalText(json, "key")),
                "direct" => new ChatInput.OpenDirect(client, Text(json, "with")),
                "away" => new ChatInput.SetAway(client, OptionalText(json, "why")),
                "typing" => OptionalText(json, "to") is { } to ? new ChatInput.TypeTo(client, to) : new ChatInput.Type(client, Conversation(json)),
                "read" => new ChatInput.MarkRead(client, Conversation(json), Number(json, "number")),
                "rooms" => new ChatInput.ListRooms(client),
                "people" => new ChatInput.ListPeople(client, OptionalText(json, "room")),
                "history" => new ChatInput.ReadHistory(
                    client, Conversation(json), OptionalNumber(json, "after"), OptionalNumber(json, "before"), (int)Math.Clamp(Number(json, "count"), 1, 1000),
                    new WebTag(OptionalText(json, "tag"))),
                "wires" => new ChatInput.ListClients(client),
                "watch" => new ChatInput.ListClients(client, OptionalText(json, "wire") is { } wire ? ClientNumber(wire) : NoClient),
                string other => throw new ProtocolException($"There is no type '{(other.Length > QuotedCharactersMax ? other[..QuotedCharactersMax] + "…" : other)}'."),
            };
        }
        catch (JsonException e)
        {
            throw new ProtocolException(NotJson(e), e);
        }
        catch (InvalidOperationException e)
        {
            // An escape such as \ud800 alone: JSON allows it (RFC 8259, 8.2), but it is no text.
            throw new ProtocolException("There is half a character (a lone surrogate) in a text.", e);
        }
    }

    /// <summary>Lines and bytes are counted from 1, as editors do.</summary>
    private static string NotJson(JsonException error) => string.Create(
        CultureInfo.InvariantCulture,
        $"That is not JSON of {DepthMax} levels at most (RFC 8259): look at line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}.");

    private static long ClientNumber(string wire) =>
        long.TryParse(wire, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : throw new ProtocolException("The field 'wire' is an id of a connection.");

    private static ConversationId Conversation(JsonElement json) => new(Number(json, "conversation"));

    private static string Text(JsonElement json, string name) =>
        OptionalText(json, name) ?? throw new ProtocolException($"The field '{name}' is missing.");

    private static string? OptionalText(JsonElement json, string name) => !json.TryGetProperty(name, out JsonElement value) ? null : value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        _ => throw new ProtocolException($"The field '{name}' is a text."),
    };

    private static long Number(JsonElement json, string name) =>
        OptionalNumber(json, name) ?? throw new ProtocolException($"The field '{name}' is missing.");

    private static long? OptionalNumber(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number)
            ? number
            : throw new ProtocolException($"The field '{name}' is a whole number.");
    }
}
