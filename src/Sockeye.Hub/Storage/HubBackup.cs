using System.Globalization;
using Microsoft.Data.Sqlite;
using Sockeye.Hub.Storage.Sqlite;

namespace Sockeye.Hub;

/// <summary>Copies of a hub's store: made while it runs, and put back while it does not.</summary>
public static class HubBackup
{
    /// <summary>Copies what is in a data directory's store into one file, whether a hub runs on it or not; a running hub goes on meanwhile.</summary>
    /// <param name="directory">The data directory.</param>
    /// <param name="file">Where to. It is there whole, or as it was before.</param>
    /// <param name="overwrite">Whether a file that is there is replaced.</param>
    /// <exception cref="HubDataException">There is nothing to copy, the file is there already, or it cannot be written.</exception>
    public static void Backup(string directory, string file, bool overwrite = false)
    {
        StoreFile store = new(DataDirectory.StoreFileIn(Path.GetFullPath(directory)), new SqliteStoreOptions());
        string target = Path.GetFullPath(file);
        if (File.Exists(directory))
            throw new HubDataException($"{DataDirectory.ExplainFile(directory)}.");
        if (!File.Exists(store.Path))
            throw new HubDataException($"There is nothing to back up: {store.Path} is not there. Name the hub's data directory with --data DIR.");
        if (target == store.Path)
            throw new HubDataException($"{target} is the hub's own file: choose another for the backup.");
        if (!overwrite && File.Exists(target))
            throw ThereAlready(target, null);
        CopyWhole(store, target, overwrite);
    }

    /// <summary>Puts a backup into a data directory that no hub uses, after looking whether it is whole.</summary>
    /// <param name="file">The backup.</param>
    /// <param name="directory">The data directory; made if there is none.</param>
    /// <param name="time">For the name of what is kept; null: the system's.</param>
    /// <returns>Where the store that was there is kept now; null: there was none.</returns>
    /// <exception cref="HubDataException">The backup is not there, damaged or no hub's, or a hub uses the directory. The store is as it was.</exception>
    public static string? Restore(string file, string directory, TimeProvider? time = null)
    {
        string source = Path.GetFullPath(file);
        if (!File.Exists(source))
            throw new HubDataException($"{source} {(Directory.Exists(source) ? "is a directory" : "is not there")}: name a file that `sockeye hub backup` made.");
        using DataDirectory held = DataDirectory.Open(directory, time);
        if (source == held.StoreFile)
            throw new HubDataException($"{source} is the hub's own file: name a file that `sockeye hub backup` made.");
        StoreFile backup = new(source, new SqliteStoreOptions());
        CheckIsBackup(backup);
        string fresh = held.StoreFile + ".restored";
        DeleteWithLog(fresh);
        CopyWhole(backup, fresh, overwrite: true);
        return Exchange(fresh, held.StoreFile, (time ?? TimeProvider.System).GetLocalNow());
    }

    /// <summary>What is wrong with a backup is said of a backup: what the same would mean for the hub's own file helps nobody here.</summary>
    private static void CheckIsBackup(StoreFile backup)
    {
        HubDataException None(string why, Exception? error = null) => new($"{backup.Path} is no backup of a hub: {why}. Name a file that `sockeye hub backup` made.", error);
        try
        {
            using SqliteConnection connection = backup.OpenUnchecked();
            if (!Schema.IsOfHub(connection))
                throw None("it is the database of another program");
        }
        catch (SqliteException e) when (e.SqliteErrorCode == StoreErrors.NotADatabase)
        {
            throw None("it is no database, or its beginning is damaged", e);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == StoreErrors.Corrupt)
        {
            throw new HubDataException($"{backup.Path} is damaged: take an older backup.", e);
        }
        catch (SqliteException e)
        {
            throw backup.Explain(e);
        }
    }

    /// <summary>By way of a file beside the target, so that a copy that is cut off is never taken for one.</summary>
    private static void CopyWhole(StoreFile source, string target, bool overwrite)
    {
        if (Directory.Exists(target))
            throw new HubDataException($"{target} cannot be written: it is a directory; name a file in it.");
        if (!Directory.Exists(Path.GetDirectoryName(target)))
            throw new HubDataException($"{target} cannot be written: there is no directory {Path.GetDirectoryName(target)}.");
        string part = $"{target}.{Environment.ProcessId}.part";
        try
        {
            DeleteWithLog(part);
            Copy(source, part);
            Flush(part);
            File.Move(part, target, overwrite);
        }
        catch (HubDataException e) when (e.InnerException is SqliteException full && StoreErrors.IsFull(full))
        {
            throw new HubDataException($"{target} cannot be written: its disk is full; free some space, and copy again.", e);
        }
        catch (IOException e) when (e is not HubDataException)
        {
            throw File.Exists(target) && !overwrite ? ThereAlready(target, e) : CannotWrite(target, e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw CannotWrite(target, e);
        }
        finally
        {
            DeleteWithLog(part);
        }
    }

    private static void Copy(StoreFile source, string part)
    {
        // Kept for its user alone, as the store is: there is in it what people said to each other.
        new FileStream(part, DataDirectory.OnlyOwners(new() { Mode = FileMode.CreateNew, Access = FileAccess.Write })).Dispose();
        StoreFile target = new(part, new SqliteStoreOptions());
        using SqliteConnection from = source.OpenForCopying();
        using SqliteConnection to = target.OpenUnchecked();
        try
        {
            from.BackupDatabase(to);

            // One file that needs nothing beside it: the copy of a log that is not there yet would be forgotten.
            StoreFile.Execute(to, "PRAGMA journal_mode = DELETE");
        }
        catch (SqliteException e) when (e.SqliteErrorCode is StoreErrors.Corrupt or StoreErrors.NotADatabase)
        {
            throw source.Explain(e);
        }
        catch (SqliteException e)
        {
            throw target.Explain(e);
        }

        StoreFile.CheckWhole(to, source.Path);
    }

    /// <summary>Puts the fresh file in the place of the old one, which stays under another name.</summary>
    private static string? Exchange(string fresh, string store, DateTimeOffset now)
    {
        if (!File.Exists(store))
        {
            DeleteLog(store);
            File.Move(fresh, store);
            return null;
        }

        string aside = string.Create(CultureInfo.InvariantCulture, $"{store}.before-{now:yyyyMMdd-HHmmss}");
        for (int i = 2; File.Exists(aside); i++)
            aside = string.Create(CultureInfo.InvariantCulture, $"{store}.before-{now:yyyyMMdd-HHmmss}-{i}");

        // A log that stays would be taken for the fresh file's: first it goes into the old one, or with it.
        new StoreFile(store, new SqliteStoreOptions()).TryFoldLog();
        foreach (string suffix in (string[])["-wal", "-shm"])
        {
            if (File.Exists(store + suffix))
                File.Move(store + suffix, aside + suffix);
        }

        File.Replace(fresh, store, aside);
        return aside;
    }

    private static void Flush(string file)
    {
        using FileStream stream = new(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Flush(flushToDisk: true);
    }

    private static void DeleteWithLog(string file)
    {
        File.Delete(file);
        File.Delete(file + "-journal");
        DeleteLog(file);
    }

    private static void DeleteLog(string file)
    {
        File.Delete(file + "-wal");
        File.Delete(file + "-shm");
    }

    private static HubDataException ThereAlready(string file, Exception? e) => new($"{file} is there already: choose another name, or say --force to replace it.", e);

    private static HubDataException CannotWrite(string file, Exception e) => new($"{file} cannot be written: {e.Message}", e);
}
