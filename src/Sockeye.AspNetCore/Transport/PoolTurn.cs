using System.Runtime.CompilerServices;

namespace Sockeye;

/// <summary>Awaited, it goes on where the application's code may run.</summary>
internal readonly struct PoolTurn(Resuming resuming) : ICriticalNotifyCompletion
{
    public bool IsCompleted => resuming.MayBeHere;

    public PoolTurn GetAwaiter() => this;

    public void GetResult()
    {
    }

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation) =>
        ThreadPool.UnsafeQueueUserWorkItem(static action => action(), continuation, preferLocal: false);
}
