using System.Diagnostics.CodeAnalysis;

namespace Sockeye;

/// <summary>
/// A lock for a few instructions, as a field of what it guards: it takes four bytes and, free, one atomic instruction, where a monitor takes two calls of the
/// runtime. Not to be copied, nor held while anything foreign runs: who holds it must not take it again.
/// </summary>
internal struct BriefLock()
{
    private SpinLock _lock = new(enableThreadOwnerTracking: false);

    /// <summary>Takes it until the scope is disposed.</summary>
    [UnscopedRef]
    public Scope Enter()
    {
        bool isTaken = false;
        _lock.Enter(ref isTaken);
        return new Scope(ref _lock);
    }

    public readonly ref struct Scope(ref SpinLock taken)
    {
        private readonly ref SpinLock _taken = ref taken;

        public void Dispose() => _taken.Exit(useMemoryBarrier: false);
    }
}
