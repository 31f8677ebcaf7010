using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Storage;

/// <summary>
/// Where members, rooms and messages are kept. Requests are taken without waiting and done in the order they came, those that change something in groups: one
/// commit, one write to the disk, for all that waited. It gives out the numbers of members, conversations and messages, so several hubs may share one.
/// </summary>
internal interface IHubStore : IAsyncDisposable
{
    /// <summary>
    /// Told of what was done: once for a whole group, after it is on disk, from a thread of the store. Set before the first request.
    /// </summary>
    Action<IReadOnlyList<StoreResult>>? Completed { get; set; }

    /// <summary>Takes a request. Every request is answered, one that fails too.</summary>
    void Submit(StoreRequest request);
}
