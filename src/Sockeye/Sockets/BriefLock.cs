using System.Diagnostics.CodeAnalysis;

namespace Sockeye;

/// <summary>
/// A lock for a few instructions, as a field of what it guards: it takes one byte and, free, one atomic instruction, where a monitor takes two calls of the
/// runtime. Not to be copied, nor held while anything foreign runs: who holds it must not take it again.
/// </summary>
internal struct BriefLock()
{
    private bool _isTaken;

    /// <summary>Takes it until the scope is disposed.</summary>
    [UnscopedRef]
    public Scope Enter()
    {
        if (Interlocked.Exchange(ref _isTaken, true))
            EnterWhenFree();
        return new Scope(ref _isTaken);
    }

    private void EnterWhenFree()
    {
        SpinWait spin = default;
        do
            spin.SpinOnce();
        while (Volatile.Read(ref _isTaken) || Interlocked.Exchange(ref _isTaken, true));
    }

    public readonly ref struct Scope(ref bool isTaken)
    {
        private readonly ref bool _isTaken = ref isTaken;

        public void Dispose() => Volatile.Write(ref _isTaken, false);
    }
}
