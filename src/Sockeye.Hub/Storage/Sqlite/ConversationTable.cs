using Microsoft.Data.Sqlite;
using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Storage.Sqlite;

/// <summary>Rooms, what two say to each other, and who is in them.</summary>
internal sealed class ConversationTable(SqliteConnection connection)
{
    private const string Columns = """
        SELECT c.id, c.room, c.last_number,
               f.id, f.name, f.is_owner, f.password IS NOT NULL,
               s.id, s.name, s.is_owner, s.password IS NOT NULL
        """;

    private const string Pair = " LEFT JOIN members f ON f.id = c.first LEFT JOIN members s ON s.id = c.second ";

    private readonly Statement _byId = new(connection, $"{Columns} FROM conversations c {Pair} WHERE c.id = @0");
    private readonly Statement _byRoom = new(connection, $"{Columns} FROM conversations c {Pair} WHERE c.room_key = @0");
    private readonly Statement _byPair = new(connection, $"{Columns} FROM conversations c {Pair} WHERE c.first = @0 AND c.second = @1");
    private readonly Statement _addRoom = new(connection, "INSERT INTO conversations (room, room_key) VALUES (@0, @1)");
    private readonly Statement _addPair = new(connection, "INSERT INTO conversations (first, second) VALUES (@0, @1)");
    private readonly Statement _rooms = new(connection, $"{Columns} FROM conversations c {Pair} WHERE c.room IS NOT NULL ORDER BY c.spoken DESC, c.id LIMIT @0");
    private readonly Statement _enter = new(connection, "INSERT OR IGNORE INTO memberships (member, conversation, read_number) VALUES (@0, @1, @2)");
    private readonly Statement _leave = new(connection, "DELETE FROM memberships WHERE member = @0 AND conversation = @1");
    private readonly Statement _readNumber = new(connection, "SELECT read_number FROM memberships WHERE member = @0 AND conversation = @1");
    private readonly Statement _markRead = new(connection, """
        UPDATE memberships SET read_number = MAX(read_number, MIN(@2, (SELECT last_number FROM conversations WHERE id = @1)))
        WHERE member = @0 AND conversation = @1
        """);

    private readonly Statement _ofMember = new(connection, $"""
        {Columns}, m.read_number FROM memberships m JOIN conversations c ON c.id = m.conversation {Pair}
        WHERE m.member = @0
        ORDER BY c.room IS NULL, CASE WHEN c.room IS NULL THEN -c.spoken ELSE 0 END, c.id LIMIT @1
        """);

    public (Conversation Conversation, long LastNumber)? Find(ConversationId id) => _byId.First(ReadOrNull, id.Value);

    public (Conversation Conversation, long LastNumber) OpenRoom(string room, string key)
    {
        if (_byRoom.First(ReadOrNull, key) is { } found)
            return found;
        _addRoom.Run(room, key);
        return _byRoom.First(Read, key);
    }

    /// <summary>The conversation of two, of whom the one with the smaller number is the first.</summary>
    public (Conversation Conversation, long LastNumber) OpenPair(MemberId one, MemberId other)
    {
        (long first, long second) = one.Value < other.Value ? (one.Value, other.Value) : (other.Value, one.Value);
        if (_byPair.First(ReadOrNull, first, second) is { } found)
            return found;
        _addPair.Run(first, second);
        return _byPair.First(Read, first, second);
    }

    public List<Conversation> Rooms(int count) => _rooms.All(row => Read(row).Conversation, count);

    public List<ConversationView> Of(MemberId member, int count) => _ofMember.All(ReadView, member.Value, count);

    public void Enter(MemberId member, ConversationId conversation, long readNumber) => _enter.Run(member.Value, conversation.Value, readNumber);

    public void Leave(MemberId member, ConversationId conversation) => _leave.Run(member.Value, conversation.Value);

    public void MarkRead(MemberId member, ConversationId conversation, long number) => _markRead.Run(member.Value, conversation.Value, number);

    public long ReadNumber(MemberId member, ConversationId conversation) => _readNumber.First(row => row.GetInt64(0), member.Value, conversation.Value);

    private static (Conversation Conversation, long LastNumber)? ReadOrNull(SqliteDataReader row) => Read(row);

    private static (Conversation Conversation, long LastNumber) Read(SqliteDataReader row)
    {
        ConversationId id = new(row.GetInt64(0));
        Conversation conversation = row.IsDBNull(1) ? new Conversation(id, null, ReadMember(row, 3), ReadMember(row, 7)) : new Conversation(id, row.GetString(1));
        return (conversation, row.GetInt64(2));
    }

    private static Member ReadMember(SqliteDataReader row, int at) =>
        new(new MemberId(row.GetInt64(at)), row.GetString(at + 1), row.GetBoolean(at + 2), row.GetBoolean(at + 3));

    private static ConversationView ReadView(SqliteDataReader row)
    {
        (Conversation conversation, long last) = Read(row);
        return new ConversationView(conversation, last, row.GetInt64(11));
    }
}
