using System.Collections.Concurrent;
using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Storage.Sqlite;

/// <summary>
/// The store in a SQLite file. One thread writes: it takes what waits, up to a limit, does it in one transaction, and when the commit has come back, which is when
/// the log is on disk, tells all answers at once. Reading has connections of its own, and passwords are hashed beside both.
/// </summary>
internal sealed class SqliteStore : IHubStore
{
    private readonly SqliteStoreOptions _options;
    private readonly StoreWriter _writer;
    private readonly BlockingCollection<StoreWork> _writes = [];
    private readonly BlockingCollection<StoreWork> _reads = [];
    private readonly PasswordLanes _passwords;
    private readonly StoreReader[] _readers;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _groups;
    private long _requests;
    private int _waiting;
    private int _isClosing;
    private int _isFailing;

    private SqliteStore(string path, SqliteStoreOptions options)
    {
        _options = options;
        StoreFile file = new(path, options);
        _writer = new StoreWriter(file);
        _passwords = new PasswordLanes(options, PasswordDone);
        _thread = new Thread(Write) { IsBackground = true, Name = "hub store writer" };
        _thread.Start();
        _readers = [.. Enumerable.Range(0, options.Readers).Select(_ => new StoreReader(file, _reads, ReadDone))];
    }

    /// <summary>The version of SQLite that is used, for the log.</summary>
    public static string SqliteVersion => StoreFile.SqliteVersion;

    public Action<IReadOnlyList<StoreResult>>? Completed { get; set; }

    /// <summary>How many commits there were.</summary>
    public long GroupsWritten => Volatile.Read(ref _groups);

    /// <summary>How many requests went with them.</summary>
    public long RequestsWritten => Volatile.Read(ref _requests);

    /// <summary>Opens the store in a file, which is made if there is none.</summary>
    /// <exception cref="HubDataException">The file cannot be used; the message says why and what to do.</exception>
    public static SqliteStore Open(string path, SqliteStoreOptions? options = null)
    {
        string full = Path.GetFullPath(path);
        string directory = Path.GetDirectoryName(full)!;
        return Directory.Exists(directory)
            ? new SqliteStore(full, options ?? new SqliteStoreOptions())
            : throw new HubDataException($"{directory} is not there, and so {full} cannot be opened: make the directory, or choose another.");
    }

    public void Submit(StoreRequest request) => Add(new StoreWork(request));

    public Task<StoreResult> AskAsync(StoreRequest request)
    {
        TaskCompletionSource<StoreResult> asker = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Add(new StoreWork(request, asker));
        return asker.Task;
    }

    /// <summary>Does what waits, and closes the file. What comes from now on is refused.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosing, 1) == 0)
            new Thread(Close) { IsBackground = true, Name = "hub store closing" }.Start();
        await _disposed.Task.ConfigureAwait(false);
    }

    private static bool IsRead(StoreRequest request) => request is StoreRequest.ReadHistory or StoreRequest.ListRooms or StoreRequest.FindByOrigin;

    private void Add(StoreWork work)
    {
        if (Interlocked.Increment(ref _waiting) > _options.WaitingRequestsMax)
        {
            Refuse(work, "This was not done: too much waits for the hub's disk. Try again later.");
            return;
        }

        try
        {
            (IsRead(work.Request) ? _reads : _writes).Add(work);
        }
        catch (InvalidOperationException)
        {
            Refuse(work, "This was not done: the hub ends.");
        }
    }

    private void Refuse(StoreWork work, string text) => Answer([(work, StoreRules.Fail(work.Request, RefusalCode.StoreFailed, text))]);

    /// <summary>The writer's thread.</summary>
    private void Write()
    {
        List<StoreWork> group = [];
        List<(StoreWork Work, StoreResult Result)> results = [];
        List<StoreWork> passwords = [];
        foreach (StoreWork first in _writes.GetConsumingEnumerable())
        {
            group.Add(first);
            while (group.Count < _options.GroupRequestsMax && _writes.TryTake(out StoreWork? next))
                group.Add(next);
            Report(_writer.Do(group, results, passwords));
            Interlocked.Increment(ref _groups);
            Interlocked.Add(ref _requests, group.Count);
            foreach (StoreWork work in passwords)
            {
                if (!_passwords.TryAdd(work))
                    results.Add((work, StoreRules.Fail(work.Request, RefusalCode.TooFast, "Too many passwords are being looked at: try again in a minute.")));
            }

            Answer(results);
            group.Clear();
            results.Clear();
            passwords.Clear();
        }
    }

    private void ReadDone(StoreWork work, StoreResult result, Exception? error)
    {
        if (error is not null)
            Report(error);
        Answer([(work, result)]);
    }

    /// <summary>A password that was hashed goes to the writer as if its request came now.</summary>
    private void PasswordDone(StoreWork work, Exception? error)
    {
        if (error is null)
        {
            _writes.Add(work);
            return;
        }

        _options.OnFailing?.Invoke(error);
        Answer([(work, new StoreResult.Failed(work.Request, StoreErrors.Refusal(error)))]);
    }

    private void Answer(List<(StoreWork Work, StoreResult Result)> results)
    {
        Interlocked.Add(ref _waiting, -results.Count);
        List<StoreResult> told = new(results.Count);
        foreach ((StoreWork work, StoreResult result) in results)
        {
            if (work.Asker is { } asker)
                asker.SetResult(result);
            else
                told.Add(result);
        }

        if (told.Count > 0)
            Completed?.Invoke(told);
    }

    /// <summary>Tells of the first failure, and of the first success after it.</summary>
    private void Report(Exception? error)
    {
        if (error is null)
        {
            if (Interlocked.Exchange(ref _isFailing, 0) == 1)
                _options.OnRecovered?.Invoke();
        }
        else if (Interlocked.Exchange(ref _isFailing, 1) == 0)
        {
            _options.OnFailing?.Invoke(error);
        }
    }

    /// <summary>In the order in which one hands on to the next; passwords that are being hashed still reach the writer.</summary>
    private void Close()
    {
        _reads.CompleteAdding();
        foreach (StoreReader reader in _readers)
            reader.Finish();
        _passwords.Finish();
        _writes.CompleteAdding();
        _thread.Join();
        _writer.Dispose();
        _disposed.SetResult();
    }
}
