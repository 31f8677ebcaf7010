using Microsoft.Data.Sqlite;

namespace Sockeye.Hub.Storage.Sqlite;

/// <summary>The tables by way of one connection.</summary>
internal sealed class StoreTables(SqliteConnection connection) : IDisposable
{
    public MemberTable Members { get; } = new(connection);

    public ConversationTable Conversations { get; } = new(connection);

    public MessageTable Messages { get; } = new(connection);

    public void Execute(string sql) => StoreFile.Execute(connection, sql);

    public void Dispose() => connection.Dispose();
}
