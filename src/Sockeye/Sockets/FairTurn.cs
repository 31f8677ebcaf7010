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

    /// <summary>How many bytes may move in a row before that: a try counts for what it moves, and for a sixteenth of this at least.</summary>
    public const int BytesMax = 1024 * 1024;

    private Action? _continuation;

    [SuppressMessage("Performance", "CA1822", Justification = "The shape of an awaiter.")]
    public bool IsCompleted => false;

    /// <summary>What a try that moved <paramref name="bytes"/> counts for, of <see cref="BytesMax"/>.</summary>
    public static int CostOf(int bytes) => Math.Max(bytes, BytesMax / TriesMax);

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
