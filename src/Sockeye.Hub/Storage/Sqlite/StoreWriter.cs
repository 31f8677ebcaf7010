using Microsoft.Data.Sqlite;
using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Storage.Sqlite;

/// <summary>The one connection that writes: commits groups of requests, and says for each that failed why. One thread at a time.</summary>
internal sealed class StoreWriter(StoreFile file) : IDisposable
{
    private StoreTables? _tables = new(file.OpenForWriting(mayCreate: true));

    /// <summary>Does a group; when this returns, what succeeded is on disk.</summary>
    /// <param name="group">In the order they came.</param>
    /// <param name="results">Takes the answers, in the same order.</param>
    /// <param name="passwords">Takes those whose password has to be looked at first.</param>
    /// <returns>What went wrong with the file; null: nothing.</returns>
    public Exception? Do(IReadOnlyList<StoreWork> group, List<(StoreWork Work, StoreResult Result)> results, List<StoreWork> passwords)
    {
        Exception? error = TryCommit(group, results, passwords);
        if (error is not null && group.Count > 1 && !StoreErrors.IsOfTheFile(error))
        {
            // One of them cannot be done. The others can, each by itself.
            foreach (StoreWork work in group)
            {
                if (TryCommit([work], results, passwords) is { } own)
                    results.Add((work, new StoreResult.Failed(work.Request, StoreErrors.Refusal(own))));
            }
        }
        else if (error is not null)
        {
            results.AddRange(group.Select(work => (work, (StoreResult)new StoreResult.Failed(work.Request, StoreErrors.Refusal(error)))));
        }

        return error is SqliteException failure ? file.Explain(failure) : error;
    }

    public void Dispose() => _tables?.Dispose();

    private Exception? TryCommit(IReadOnlyList<StoreWork> group, List<(StoreWork Work, StoreResult Result)> results, List<StoreWork> passwords)
    {
        int before = results.Count;
        try
        {
            Open();
            StoreTransaction transaction = new(_tables!);
            _tables!.Execute("BEGIN IMMEDIATE");
            foreach (StoreWork work in group)
            {
                if (transaction.Do(work) is { } result)
                    results.Add((work, result));
            }

            transaction.NoteNumbers();
            _tables.Execute("COMMIT");
            passwords.AddRange(transaction.Passwords);
            return null;
        }
        catch (Exception e)
        {
            results.RemoveRange(before, results.Count - before);
            Undo(e);
            return e;
        }
    }

    /// <summary>Opens the file again if it had to be closed. Commits to a file that was removed would be kept nowhere.</summary>
    private void Open()
    {
        if (!File.Exists(file.Path))
            throw new HubDataException($"{file.Path} is gone: what is said now cannot be kept. Put it back, or stop the hub and restore a backup.");
        _tables ??= new StoreTables(file.OpenForWriting(mayCreate: false));
    }

    private void Undo(Exception error)
    {
        if (_tables is null)
            return;
        try
        {
            _tables.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // There was no transaction, or its failure ended it.
        }

        if (!StoreErrors.NeedsReopening(error))
            return;
        _tables.Dispose();
        _tables = null;
        file.Replaced();
    }
}
