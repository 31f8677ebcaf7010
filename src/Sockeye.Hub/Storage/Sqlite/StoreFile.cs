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
        SqliteConnection connection = Open(mayCreate ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite);
        try
        {
            options.Schema.Check(connection, path);

            // FULL: each commit waits until the log is on disk, not only with the operating system.
            Execute(connection, $"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = {LogBytesKept}");
            options.Schema.Migrate(connection, path);
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

    /// <summary>Opens a connection that only reads.</summary>
    public SqliteConnection OpenForReading()
    {
        SqliteConnection connection = Open(SqliteOpenMode.ReadWrite);
        try
        {
            Execute(connection, "PRAGMA query_only = 1");
            return connection;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw Explain(e);
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

    private SqliteConnection Open(SqliteOpenMode mode)
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
            return connection;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw Explain(e);
        }
    }
}
