using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Storage;

/// <summary>
/// Where members, rooms and messages are kept. Requests are taken without waiting; those that change something are done in the order they came, in groups: one
/// commit, one write to the disk, for all that waited. It gives out the numbers of members, conversations and messages, so several hubs may share one.
/// </summary>
/// <remarks>
/// What is read has at least everything that was answered before it was asked for, and may have more: a history may hold a message whose answer is still on its
/// way. Whoever shows both keeps the last number shown.
/// </remarks>
internal interface IHubStore : IAsyncDisposable
{
    /// <summary>
    /// Told of what was done: once for a whole group, after it is on disk, from a thread of the store. Set before the first request.
    /// </summary>
    Action<IReadOnlyList<StoreResult>>? Completed { get; set; }

    /// <summary>Takes a request. Every request is answered, one that fails too.</summary>
    void Submit(StoreRequest request);

    /// <summary>The same for who is not the chat: the answer goes to the caller, and not to <see cref="Completed"/>.</summary>
    Task<StoreResult> AskAsync(StoreRequest request);
}
