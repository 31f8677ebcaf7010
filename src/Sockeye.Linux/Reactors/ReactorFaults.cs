namespace Sockeye;

/// <summary>
/// What the tests have the kernel do to connections that it does seldom: each every so many times, 0 for never. Everything must come out the same.
/// </summary>
internal sealed class ReactorFaults
{
    private int _tries;
    private int _requests;

    /// <summary>A receive or a send is told to try later (EAGAIN), though it need not.</summary>
    public int AgainEvery { get; init; }

    /// <summary>A receive or a send moves one byte only.</summary>
    public int ShortEvery { get; init; }

    /// <summary>A receive of the ring is cancelled as soon as it is requested (ECANCELED).</summary>
    public int CancelEvery { get; init; }

    /// <summary>Setting io_uring up fails so (EPERM in most containers); 0: it does not.</summary>
    public int SetupErrno { get; init; }

    public bool SaysAgain() => Falls(ref _tries, AgainEvery);

    public bool IsShort() => Falls(ref _tries, ShortEvery);

    public bool IsCancelled() => Falls(ref _requests, CancelEvery);

    private static bool Falls(ref int count, int every) => every > 0 && (uint)Interlocked.Increment(ref count) % (uint)every == 0;
}
