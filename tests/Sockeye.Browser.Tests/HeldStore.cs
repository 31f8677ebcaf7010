using System.Collections.Concurrent;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Storage;

namespace Sockeye.Browser.Tests;

/// <summary>A store whose disk takes its time: what is said is kept when the test says so.</summary>
internal sealed class HeldStore : IHubStore
{
    private readonly MemoryStore _inner = new();
    private readonly ConcurrentQueue<StoreRequest> _held = [];

    /// <summary>Completes when something that was said waits to be kept.</summary>
    public TaskCompletionSource Waiting { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Action<IReadOnlyList<StoreResult>>? Completed
    {
        get => _inner.Completed;
        set => _inner.Completed = value;
    }

    public void Submit(StoreRequest request)
    {
        if (request is not StoreRequest.Append)
        {
            _inner.Submit(request);
            return;
        }

        _held.Enqueue(request);
        Waiting.TrySetResult();
    }

    public Task<StoreResult> AskAsync(StoreRequest request) => _inner.AskAsync(request);

    /// <summary>Keeps what waits.</summary>
    public void Release()
    {
        while (_held.TryDequeue(out StoreRequest? request))
            _inner.Submit(request);
    }

    public ValueTask DisposeAsync() => _inner.DisposeAsync();
}
