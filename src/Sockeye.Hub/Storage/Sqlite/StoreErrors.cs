using Microsoft.Data.Sqlite;
using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Storage.Sqlite;

/// <summary>What SQLite's result codes (sqlite.org/rescode.html) mean to people.</summary>
internal static class StoreErrors
{
    private const int Permission = 3;
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    public const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    public const int NotADatabase = 26;

    /// <summary>For who asked for something that was not done.</summary>
    public static Refusal Refusal(Exception error) =>
        new(RefusalCode.StoreFailed, $"This was not kept, and so not done: {Why(error)} Try again later.");

    /// <summary>For who asked for something that could not be read.</summary>
    public static Refusal ReadRefusal(Exception error) => new(RefusalCode.StoreFailed, $"This cannot be read just now: {Why(error)} Try again later.");

    /// <summary>Whether there is no room on the disk.</summary>
    public static bool IsFull(SqliteException error) => error.SqliteErrorCode == Full;

    /// <summary>For who runs the hub.</summary>
    public static string Explain(SqliteException error, string file) => error.SqliteErrorCode switch
    {
        Full => $"The disk that holds {file} is full: free some space, and it goes on by itself.",
        Busy or Locked => $"{file} is locked by another program: close that program, and it goes on by itself.",
        Corrupt => $"{file} is damaged ({error.Message}): stop the hub, keep a copy of its data directory, and restore a backup: sockeye hub restore FILE.",
        NotADatabase => $"{file} is not a database, or its beginning is damaged: move it away, or restore a backup: sockeye hub restore FILE.",
        ReadOnly or Permission => $"{file} may not be written: look at the permissions of it and of its directory, and at whether its disk is mounted read-only.",
        CannotOpen => $"{file} cannot be opened: is there its directory, and may this user write there?",
        InputOutput => $"The disk that holds {file} does not work ({error.Message}): look at the system's log.",
        _ => $"{file} cannot be used: {error.Message}",
    };

    /// <summary>Whether the connection is better replaced: what it holds of the file may no longer be so.</summary>
    public static bool NeedsReopening(Exception error) =>
        error is not SqliteException { SqliteErrorCode: Full or Busy or Locked };

    /// <summary>Whether it would have happened to any request, and not only to those of its group.</summary>
    public static bool IsOfTheFile(Exception error) => error is HubDataException
        || error is SqliteException { SqliteErrorCode: Permission or Busy or Locked or ReadOnly or InputOutput or Corrupt or Full or CannotOpen or NotADatabase };

    private static string Why(Exception error) => (error as SqliteException ?? error.InnerException as SqliteException)?.SqliteErrorCode switch
    {
        Full => "the hub's disk is full.",
        Busy or Locked => "another program has locked the hub's file.",
        Corrupt or NotADatabase => "the hub's file is damaged.",
        ReadOnly or Permission or CannotOpen => "the hub's file may not be written.",
        InputOutput => "the hub's disk does not work.",
        null when error is HubDataException => "the hub's file is not there.",
        _ => "the hub's store failed.",
    };
}
