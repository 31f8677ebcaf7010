using System.Collections.Concurrent;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Storage;

namespace Sockeye.Browser.Tests;

/// <summary>A store whose disk takes its time: some of what is asked of it, what is said unless told, is done when the test says so.</summary>
internal sealed class HeldStore(Func<StoreRequest, bool>? holds = null) : IHubStore
{
    private readonly MemoryStore _inner = new();
    private readonly ConcurrentQueue<StoreRequest> _held = [];
    private readonly SemaphoreSlim _arrivals = new(0);

    public Action<IReadOnlyList<StoreResult>>? Completed
    {
        get => _inner.Completed;
        set => _inner.Completed = value;
    }

    public void Submit(StoreRequest request)
    {
        if (!(holds?.Invoke(request) ?? request is StoreRequest.Append))
        {
            _inner.Submit(request);
            return;
        }

        _held.Enqueue(request);
        _arrivals.Release();
    }

    public Task<StoreResult> AskAsync(StoreRequest request) => _inner.AskAsync(request);

    /// <summary>Returns when one more waits.</summary>
    public async Task WaitsAsync() => Assert.True(await _arrivals.WaitAsync(Hang.Limit, TestContext.Current.CancellationToken), "Nothing that is held was asked of the store.");

    /// <summary>Does what waits.</summary>
    public void Release()
    {
        while (_held.TryDequeue(out StoreRequest? request))
            _inner.Submit(request);
    }

    public ValueTask DisposeAsync()
    {
        _arrivals.Dispose();
        return _inner.DisposeAsync();
    }
}
