using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Sockeye;

/// <summary>
/// Awaited, it goes on behind what is to run where <paramref name="socket"/>'s calls resume: who never has to wait would keep that thread for ever.
/// One await at a time; used again, it allocates nothing.
/// </summary>
internal sealed class FairTurn(NetworkSocket socket) : ICriticalNotifyCompletion, IThreadPoolWorkItem
{
    /// <summary>How often in a row who shares a thread may find the socket ready before it gives way.</summary>
    public const int TriesMax = 16;

    /// <summary>A try that moves more, in bytes, counts for several: at most 1 MiB moves in a row, and what the last try moves.</summary>
    public const int TryBytes = 64 * 1024;

    private Action? _continuation;

    [SuppressMessage("Performance", "CA1822", Justification = "The shape of an awaiter.")]
    public bool IsCompleted => false;

    /// <summary>For how many tries one counts that moved <paramref name="bytes"/>.</summary>
    public static int TriesOf(int bytes) => Math.Clamp(bytes / TryBytes, 1, TriesMax);

    public FairTurn GetAwaiter() => this;

    [SuppressMessage("Performance", "CA1822", Justification = "The shape of an awaiter.")]
    public void GetResult()
    {
    }

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation)
    {
        _continuation = continuation;
        socket.DispatchCore(this);
    }

    public void Execute()
    {
        // The continuation may await this again before it returns.
        Action continuation = _continuation!;
        _continuation = null;
        continuation();
    }
}
