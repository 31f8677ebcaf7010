using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Gateways.Web;

/// <summary>What the page is told, as JSON: one object a message, its <c>type</c> first. docs/hub-web.md has the vocabulary.</summary>
internal static class WebEvents
{
    /// <summary>The version of the vocabulary. Fields and types are added without a new one; what is there does not change its meaning.</summary>
    public const int Version = 1;

    /// <summary>A message as every page is shown it: written once for all.</summary>
    public static readonly Dialect<byte[]> Posted = new(message => Write("message", json => WriteMessage(json, message)));

    /// <summary>The first thing a page is told.</summary>
    public static byte[] Hello(ChatLimits limits) => Write("hello", json =>
    {
        json.WriteNumber("version", Version);
        json.WriteNumber("messageBytesMax", limits.MessageBytesMax);
        json.WriteNumber("nameCharactersMax", limits.NameCharactersMax);
        json.WriteNumber("historyMessagesMax", limits.HistoryMessagesMax);
        json.WriteNumber("awayCharactersMax", limits.AwayCharactersMax);
        json.WriteNumber("passwordCharactersMin", limits.PasswordCharactersMin);
        json.WriteNumber("passwordCharactersMax", limits.PasswordCharactersMax);
    });

    /// <summary>Too much waited for this page: what is missing can be asked for by its numbers.</summary>
    public static byte[] Behind() => Write("behind", static _ => { });

    /// <summary>What the page sent cannot be understood.</summary>
    public static byte[] Misunderstood(string why) => Write("refused", json =>
    {
        json.WriteString("code", "misunderstood");
        json.WriteString("text", why);
    });

    /// <summary>What happened, in JSON; null: nothing for a page.</summary>
    public static byte[]? Encode(ChatEvent happened) => happened switch
    {
        ChatEvent.Posted posted => posted.Message.As(Posted),
        ChatEvent.Named named => Write("named", json =>
        {
            WriteMember(json, "me", named.Member);
            json.WriteStartArray("conversations");
            foreach (ConversationView view in named.Conversations)
                WriteView(json, view);
            json.WriteEndArray();
        }),
        ChatEvent.Accepted accepted => Write("accepted", json =>
        {
            json.WriteString("key", accepted.Key);
            json.WriteBoolean("repeated", accepted.IsRepeated);
            WriteMessage(json, accepted.Message);
        }),
        ChatEvent.Refused refused => Write("refused", json =>
        {
            json.WriteString("code", JsonNamingPolicy.CamelCase.ConvertName(refused.Refusal.Code.ToString()));
            json.WriteString("text", refused.Refusal.Text);
            json.WriteString("key", refused.Key);
            json.WriteString("tag", (refused.Tag as WebTag)?.Text);
        }),
        ChatEvent.Renamed renamed => Write("renamed", json => WriteMember(json, "me", renamed.Member)),
        ChatEvent.Joined joined => Write("joined", json =>
        {
            json.WritePropertyName("room");
            WriteView(json, joined.Room);
            WritePeople(json, joined.Here);
        }),
        ChatEvent.Left left => Write("left", json => json.WriteNumber("room", left.Room.Id.Value)),
        ChatEvent.SomebodyEntered entered => Write("entered", json =>
        {
            json.WriteNumber("room", entered.Room.Id.Value);
            WriteMember(json, "who", entered.Who);
        }),
        ChatEvent.SomebodyLeft left => Write("departed", json =>
        {
            json.WriteNumber("room", left.Room.Id.Value);
            WriteMember(json, "who", left.Who);
        }),
        ChatEvent.SomebodyChanged changed => Write("changed", json =>
        {
            WriteMember(json, "who", changed.Who.Member);
            json.WriteString("away", changed.Who.Away);
            json.WriteString("formerName", changed.FormerName);
        }),
        ChatEvent.PartnerChanged partner => Write("partner", json =>
        {
            WriteMember(json, "who", partner.Who.Member);
            json.WriteBoolean("here", partner.IsHere);
            json.WriteString("away", partner.Who.Away);
        }),
        ChatEvent.ReadElsewhere read => Write("read", json =>
        {
            json.WriteNumber("conversation", read.Where.Value);
            json.WriteNumber("number", read.Number);
        }),
        ChatEvent.SomebodyTypes types => Write("typing", json =>
        {
            json.WriteNumber("conversation", types.Where.Id.Value);
            WriteMember(json, "who", types.Who);
        }),
        ChatEvent.SomebodyTypesToYou types => Write("typing", json => WriteMember(json, "who", types.Who)),
        ChatEvent.Rooms rooms => Write("rooms", json =>
        {
            json.WriteStartArray("rooms");
            foreach (RoomView room in rooms.List)
            {
                json.WriteStartObject();
                json.WriteNumber("id", room.Room.Id.Value);
                json.WriteString("room", room.Room.Room);
                json.WriteNumber("people", room.People);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }),
        ChatEvent.People people => Write("people", json => WritePeople(json, people.List)),
        ChatEvent.History history => Write("history", json =>
        {
            json.WriteNumber("conversation", history.Where.Id.Value);
            json.WriteBoolean("more", history.HasMore);
            json.WriteString("tag", (history.Tag as WebTag)?.Text);
            json.WriteStartArray("messages");
            foreach (Message message in history.Messages)
            {
                json.WriteStartObject();
                WriteMessage(json, message);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }),
        ChatEvent.DirectOpened opened => Write("direct", json =>
        {
            json.WritePropertyName("with");
            WriteView(json, opened.Conversation);
        }),
        ChatEvent.PasswordSet set => Write("password", json => json.WriteBoolean("set", set.HasPassword)),
        ChatEvent.BecameOwner owner => Write("owner", json => WriteMember(json, "me", owner.Member)),
        ChatEvent.Closing closing => Write("closing", json => json.WriteString("why", closing.Why)),
        _ => null,
    };

    /// <summary>One object.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="write">Writes the rest of it.</param>
    public static byte[] Write(string type, Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> bytes = new(256);
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            write(json);
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static void WriteMessage(Utf8JsonWriter json, Message message)
    {
        json.WritePropertyName("conversation");
        WriteConversation(json, message.Conversation);
        json.WriteNumber("number", message.Number);
        json.WriteStartObject("author");
        json.WriteNumber("id", message.Author.Value);
        json.WriteString("name", message.AuthorName);
        json.WriteEndObject();
        json.WriteString("text", message.Text);
        json.WriteString("at", message.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
    }

    private static void WriteConversation(Utf8JsonWriter json, Conversation conversation)
    {
        json.WriteStartObject();
        json.WriteNumber("id", conversation.Id.Value);
        if (conversation.IsDirect)
        {
            // Both, so that the same bytes serve either: a page takes the one who is not itself.
            WriteMember(json, "first", conversation.First!);
            WriteMember(json, "second", conversation.Second!);
        }
        else
        {
            json.WriteString("room", conversation.Room);
        }

        json.WriteEndObject();
    }

    private static void WriteView(Utf8JsonWriter json, ConversationView view)
    {
        json.WriteStartObject();
        json.WritePropertyName("conversation");
        WriteConversation(json, view.Conversation);
        json.WriteNumber("last", view.LastNumber);
        json.WriteNumber("read", view.ReadNumber);
        json.WriteEndObject();
    }

    private static void WritePeople(Utf8JsonWriter json, PeopleView people)
    {
        json.WriteStartObject("people");
        if (people.Room is { } room)
            json.WriteNumber("room", room.Id.Value);
        json.WriteNumber("count", people.Count);
        json.WriteStartArray("some");
        foreach (Person person in people.Some)
        {
            json.WriteStartObject();
            json.WriteNumber("id", person.Member.Id.Value);
            json.WriteString("name", person.Member.Name);
            json.WriteString("away", person.Away);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteMember(Utf8JsonWriter json, string name, Member member)
    {
        json.WriteStartObject(name);
        json.WriteNumber("id", member.Id.Value);
        json.WriteString("name", member.Name);
        json.WriteBoolean("owner", member.IsOwner);
        json.WriteBoolean("password", member.HasPassword);
        json.WriteEndObject();
    }
}
