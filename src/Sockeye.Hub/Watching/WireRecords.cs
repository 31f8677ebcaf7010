using System.Collections.Concurrent;

namespace Sockeye.Hub.Watching;

/// <summary>What watchers can ask about: each of them what it was shown, by a key that it alone was told.</summary>
internal sealed class WireRecords
{
    /// <summary>The memory that all of them take, in bytes. Beyond it, whoever is shown more keeps less of what was before.</summary>
    public const long BytesMax = 64 * 1024 * 1024;

    private readonly ConcurrentDictionary<string, WireRecord> _records = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Whether they take more than they may.</summary>
    public bool AreTooMany => Interlocked.Read(ref _bytes) > BytesMax;

    /// <summary>What a key is for, if the browser is the one that was told it; else null.</summary>
    public WireRecord? Find(string key, string origin) => _records.TryGetValue(key, out WireRecord? record) && record.Origin == origin ? record : null;

    public void Add(WireRecord record) => _records[record.Key] = record;

    public void Remove(WireRecord record) => _records.TryRemove(record.Key, out _);

    /// <summary>One of them takes so much more memory, or less.</summary>
    public void Count(long bytes) => Interlocked.Add(ref _bytes, bytes);
}
