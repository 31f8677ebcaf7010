using Microsoft.Data.Sqlite;

namespace Sockeye.Hub.Storage.Sqlite;

/// <summary>The store's file: how connections to it are opened, and what their errors mean.</summary>
internal sealed class StoreFile(string path, SqliteStoreOptions options)
{
    /// <summary>What is kept of a write-ahead log that has grown in a busy time.</summary>
    private const int LogBytesKept = 64 * 1024 * 1024;

    private int _generation;

    static StoreFile() => SQLitePCL.Batteries_V2.Init();

    /// <summary>The version of SQLite that is used.</summary>
    public static string SqliteVersion
    {
        get
        {
            SQLitePCL.Batteries_V2.Init();
            return SQLitePCL.raw.sqlite3_libversion().utf8_to_string();
        }
    }

    public string Path => path;

    /// <summary>Grows each time the file failed and was opened again: connections of before may have another file than the one that is there.</summary>
    public int Generation => Volatile.Read(ref _generation);

    public void Replaced() => Interlocked.Increment(ref _generation);

    /// <summary>Opens the one connection that writes, and brings the file to the present layout.</summary>
    /// <param name="mayCreate">Whether a file that is not there is made. One that was there and is gone is never replaced by an empty one.</param>
    public SqliteConnection OpenForWriting(bool mayCreate)
    {
        if (mayCreate)
            TryCreate();
        return Open(mayCreate ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite, connection =>
        {
            options.Schema.Check(connection, path);

            // FULL: each commit waits until the log is on disk, not only with the operating system.
            Execute(connection, $"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = {LogBytesKept}");
            options.Schema.Migrate(connection, path);
        });
    }

    /// <summary>Opens a connection that only reads.</summary>
    public SqliteConnection OpenForReading() => Open(SqliteOpenMode.ReadWrite, connection => Execute(connection, "PRAGMA query_only = 1"));

    /// <summary>Opens a file that has to be a hub's, for copying all of it.</summary>
    public SqliteConnection OpenForCopying() => Open(SqliteOpenMode.ReadWrite, connection =>
    {
        if (options.Schema.Check(connection, path) == 0)
            throw new HubDataException($"{path} is empty: there is nothing in it to copy.");
    });

    /// <summary>Opens an empty file, to be filled.</summary>
    public SqliteConnection OpenUnchecked() => Open(SqliteOpenMode.ReadWrite, prepare: null);

    /// <summary>Looks at every page of a copy.</summary>
    /// <param name="connection">To the copy.</param>
    /// <param name="source">What it was copied from, which is what is damaged then.</param>
    public static void CheckWhole(SqliteConnection connection, string source)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check(1)";
        string found;
        try
        {
            found = (string)command.ExecuteScalar()!;
        }
        catch (SqliteException e)
        {
            found = e.Message;
        }

        if (found != "ok")
            throw new HubDataException($"{source} is damaged ({found.ReplaceLineEndings(" ")}): take an older backup.");
    }

    /// <summary>Takes the write-ahead log into the file; a file too damaged for it keeps its log beside it.</summary>
    public void TryFoldLog()
    {
        try
        {
            using SqliteConnection connection = OpenUnchecked();
            Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (Exception e) when (e is SqliteException or HubDataException)
        {
            // What is kept is for whoever wants to look into it.
        }
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>For whoever runs the hub: which file, why, and what to do.</summary>
    public HubDataException Explain(SqliteException error) => new(StoreErrors.Explain(error, path), error);

    /// <summary>For its user alone whoever made the directory; SQLite gives the log beside it the same permissions. Why it cannot be made, SQLite says.</summary>
    private void TryCreate()
    {
        try
        {
            new FileStream(path, DataDirectory.OnlyOwners(new() { Mode = FileMode.CreateNew, Access = FileAccess.Write })).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // As a rule it is there.
        }
    }

    /// <param name="mode">What may be done.</param>
    /// <param name="prepare">What is done with the connection first; if it cannot be, the connection is closed again.</param>
    private SqliteConnection Open(SqliteOpenMode mode, Action<SqliteConnection>? prepare)
    {
        SqliteConnection connection = new(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            ForeignKeys = true,
            DefaultTimeout = Math.Max(1, (int)options.LockTimeout.TotalSeconds),
        }.ToString());
        try
        {
            connection.Open();
            prepare?.Invoke(connection);
            return connection;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw Explain(e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
