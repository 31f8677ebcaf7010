using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;

namespace Sockeye.Hub.Storage.Sqlite;

/// <summary>The numbered migrations, <c>Migrations/NNNN-name.sql</c>, of which a file knows how many it has had: its <c>user_version</c>.</summary>
/// <param name="migrations">The first makes a file of version 1, and so on.</param>
internal sealed class Schema(IReadOnlyList<string> migrations)
{
    /// <summary>"Sock", in the header of every file that is a hub's.</summary>
    public const int ApplicationId = 0x536f636b;

    /// <summary>What this program reads and writes.</summary>
    public static Schema Current { get; } = new(ReadMigrations());

    /// <summary>The version that this program makes of a file.</summary>
    public int Version => migrations.Count;

    /// <summary>Looks whether a file is a hub's, and one that this program can read.</summary>
    /// <param name="connection">To the file.</param>
    /// <param name="file">Its name, for the message.</param>
    /// <returns>Its version; 0: it is new, and empty.</returns>
    /// <exception cref="HubDataException">It is not, or cannot be.</exception>
    public int Check(SqliteConnection connection, string file)
    {
        long version = Ask(connection, "PRAGMA user_version");
        if (!IsOfHub(connection))
            throw new HubDataException($"{file} is the database of another program: choose another data directory, or move that file away.");
        if (version > Version)
        {
            throw new HubDataException(
                $"{file} was written by a newer version of this program (its layout is number {version}, and this one knows up to {Version}): use the newer one, or another data directory.");
        }

        return (int)version;
    }

    /// <summary>Whether a file is a hub's, or nothing yet.</summary>
    public static bool IsOfHub(SqliteConnection connection)
    {
        long application = Ask(connection, "PRAGMA application_id");
        return application == ApplicationId
            || (application == 0 && Ask(connection, "PRAGMA user_version") == 0 && Ask(connection, "SELECT COUNT(*) FROM sqlite_schema") == 0);
    }

    /// <summary>Brings a file to this version, each step in a transaction of its own.</summary>
    public void Migrate(SqliteConnection connection, string file)
    {
        for (int version = Check(connection, file); version < Version; version++)
        {
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = string.Create(CultureInfo.InvariantCulture, $"""
                BEGIN IMMEDIATE;
                {migrations[version]};
                PRAGMA application_id = {ApplicationId};
                PRAGMA user_version = {version + 1};
                COMMIT;
                """);
            command.ExecuteNonQuery();
        }
    }

    private static long Ask(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static List<string> ReadMigrations()
    {
        Assembly assembly = typeof(Schema).Assembly;
        return [.. assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(Read)];

        string Read(string name)
        {
            using StreamReader reader = new(assembly.GetManifestResourceStream(name)!);
            return reader.ReadToEnd();
        }
    }
}
