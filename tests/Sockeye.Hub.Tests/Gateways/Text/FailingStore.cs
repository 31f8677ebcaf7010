using System.Collections.Concurrent;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Storage;

namespace Sockeye.Hub.Tests.Gateways.Text;

/// <summary>A store that cannot do some things for a while, or does not answer them before it is told to.</summary>
internal sealed class FailingStore : IHubStore
{
    private readonly MemoryStore _store = new();
    private volatile Func<StoreRequest, bool> _fails = _ => false;
    private volatile Func<StoreRequest, bool> _holds = _ => false;

    public Action<IReadOnlyList<StoreResult>>? Completed
    {
        get => _store.Completed;
        set => _store.Completed = value;
    }

    /// <summary>What cannot be done.</summary>
    public Func<StoreRequest, bool> Fails
    {
        get => _fails;
        set => _fails = value;
    }

    /// <summary>What goes to <see cref="Held"/> instead of being done.</summary>
    public Func<StoreRequest, bool> Holds
    {
        get => _holds;
        set => _holds = value;
    }

    public ConcurrentQueue<StoreRequest> Held { get; } = [];

    public void Submit(StoreRequest request)
    {
        if (Holds(request))
            Held.Enqueue(request);
        else if (Fails(request))
            Completed?.Invoke([StoreRules.Fail(request, RefusalCode.StoreFailed, "The disk is full: nothing was kept.")]);
        else
            _store.Submit(request);
    }

    public Task<StoreResult> AskAsync(StoreRequest request) => _store.AskAsync(request);

    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
