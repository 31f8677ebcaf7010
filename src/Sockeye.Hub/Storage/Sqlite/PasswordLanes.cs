using System.Collections.Concurrent;

namespace Sockeye.Hub.Storage.Sqlite;

/// <summary>
/// Where passwords are hashed, beside the writer: a few lanes, each a thread. A member's passwords go through one lane, so they are done in the order they came,
/// and who tries many for one name delays that name and few others.
/// </summary>
internal sealed class PasswordLanes
{
    private readonly SqliteStoreOptions _options;
    private readonly Action<StoreWork, Exception?> _done;
    private readonly BlockingCollection<StoreWork>[] _lanes;
    private readonly Thread?[] _threads;

    /// <param name="options">How many lanes, how long they may be, and how slow a password is.</param>
    /// <param name="done">Told of each that is done, or went wrong, from a lane's thread.</param>
    public PasswordLanes(SqliteStoreOptions options, Action<StoreWork, Exception?> done)
    {
        _options = options;
        _done = done;
        _lanes = [.. Enumerable.Range(0, options.PasswordsAtATime).Select(_ => new BlockingCollection<StoreWork>(options.WaitingPasswordsMax))];
        _threads = new Thread?[_lanes.Length];
    }

    /// <summary>Takes one, unless too many wait or <see cref="Finish"/> was called. Called by one thread.</summary>
    public bool TryAdd(StoreWork work)
    {
        int lane = (int)(work.Password!.Member.Value % _lanes.Length);
        try
        {
            if (!_lanes[lane].TryAdd(work))
                return false;
        }
        catch (InvalidOperationException)
        {
            return false; // The store closes.
        }

        if (_threads[lane] is null)
        {
            _threads[lane] = new Thread(() => Run(_lanes[lane])) { IsBackground = true, Name = "hub passwords" };
            _threads[lane]!.Start();
        }

        return true;
    }

    /// <summary>Does what waits, and ends.</summary>
    public void Finish()
    {
        foreach (BlockingCollection<StoreWork> lane in _lanes)
            lane.CompleteAdding();
        foreach (Thread? thread in _threads)
            thread?.Join();
    }

    private void Run(BlockingCollection<StoreWork> lane)
    {
        foreach (StoreWork work in lane.GetConsumingEnumerable())
        {
            try
            {
                _done(work with { Password = work.Password!.Do(_options.PasswordRounds) }, null);
            }
            catch (Exception e)
            {
                _done(work, e);
            }
        }
    }
}
