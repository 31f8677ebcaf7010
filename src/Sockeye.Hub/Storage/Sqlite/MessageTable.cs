using Microsoft.Data.Sqlite;
using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Storage.Sqlite;

/// <summary>What was said.</summary>
internal sealed class MessageTable(SqliteConnection connection)
{
    private const string Columns = "SELECT number, author, author_name, text, at, conversation FROM messages ";

    private readonly Statement _byKey = new(connection, Columns + "WHERE author = @0 AND key = @1");
    private readonly Statement _add = new(connection,
        "INSERT INTO messages (conversation, number, author, author_name, text, at, key) VALUES (@0, @1, @2, @3, @4, @5, @6)");

    private readonly Statement _after = new(connection, Columns + "WHERE conversation = @0 AND number > @1 AND number < @2 ORDER BY number LIMIT @3");
    private readonly Statement _before = new(connection, Columns + "WHERE conversation = @0 AND number < @1 ORDER BY number DESC LIMIT @2");
    private readonly Statement _lastNumber = new(connection, "SELECT last_number FROM conversations WHERE id = @0");
    private readonly Statement _lastSpoken = new(connection, "SELECT MAX(spoken) FROM conversations");
    private readonly Statement _setLast = new(connection, "UPDATE conversations SET last_number = @1, spoken = @2 WHERE id = @0");

    /// <summary>What an author said under a key; null: nothing.</summary>
    public Message? Find(MemberId author, string key, Func<ConversationId, Conversation> find) =>
        _byKey.First(row => Read(row, find(new ConversationId(row.GetInt64(5)))), author.Value, key);

    public void Add(Message message, string? key) => _add.Run(
        message.Conversation.Id.Value, message.Number, message.Author.Value, message.AuthorName, message.Text, message.At.ToUnixTimeMilliseconds(), key);

    /// <summary>The number of the last message; null: there is no such conversation.</summary>
    public long? LastNumber(ConversationId conversation) => _lastNumber.First<long?>(row => row.GetInt64(0), conversation.Value);

    /// <summary>Notes the last numbers of conversations, that where something was said first coming first.</summary>
    public void SetLast(IEnumerable<(ConversationId Conversation, long Number)> last)
    {
        long spoken = _lastSpoken.First(row => row.GetInt64(0));
        foreach ((ConversationId conversation, long number) in last)
            _setLast.Run(conversation.Value, number, ++spoken);
    }

    /// <summary>A page of what was said, oldest first, and whether there is more in its direction.</summary>
    public (List<Message> Messages, bool HasMore) ReadPage(Conversation where, long? after, long? before, int count)
    {
        bool isForward = after is not null;
        List<Message> page = isForward
            ? _after.All(row => Read(row, where), where.Id.Value, after, before ?? long.MaxValue, count + 1L)
            : _before.All(row => Read(row, where), where.Id.Value, before ?? long.MaxValue, count + 1L);
        bool hasMore = page.Count > count;
        if (hasMore)
            page.RemoveAt(count);
        if (!isForward)
            page.Reverse();
        return (page, hasMore);
    }

    private static Message Read(SqliteDataReader row, Conversation where) => new(
        where, row.GetInt64(0), new MemberId(row.GetInt64(1)), row.GetString(2), row.GetString(3), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)));
}
