namespace Sockeye;

/// <summary>
/// What the tests have the kernel do to connections that it does seldom: each every so many times on average, 0 for never. Everything must come out the same.
/// </summary>
internal sealed class ReactorFaults
{
    private Switch _again;
    private Switch _short;
    private Switch _cancel;

    /// <summary>A receive, a send or a listener's accept is told to try later (EAGAIN), though it need not.</summary>
    public int AgainEvery { get; init; }

    /// <summary>A receive or a send moves one byte only.</summary>
    public int ShortEvery { get; init; }

    /// <summary>A receive of the ring is cancelled as soon as it is requested (ECANCELED).</summary>
    public int CancelEvery { get; init; }

    /// <summary>Setting io_uring up fails so (EPERM in most containers); 0: it does not.</summary>
    public int SetupErrno { get; init; }

    /// <summary>How often each has acted.</summary>
    public (int Again, int Short, int Cancelled) Acted => (_again.Acted, _short.Acted, _cancel.Acted);

    public bool SaysAgain() => _again.Acts(AgainEvery);

    public bool IsShort() => _short.Acts(ShortEvery);

    public bool IsCancelled() => _cancel.Acts(CancelEvery);

    private struct Switch
    {
        /// <summary>2^32 divided by the golden ratio.</summary>
        private const uint Stride = 0x9E3779B9;

        private int _times;
        private int _acted;

        public readonly int Acted => _acted;

        /// <summary>
        /// The first time, and then spread evenly, but not in step with what a caller does by turns: of that always the same would be hit, and the rest never. Where it acts every
        /// second time it acts twice in a row at most, so that who tries again gets on.
        /// </summary>
        public bool Acts(int every)
        {
            if (every == 0 || unchecked((uint)(Interlocked.Increment(ref _times) - 1) * Stride) > uint.MaxValue / (uint)every)
                return false;
            Interlocked.Increment(ref _acted);
            return true;
        }
    }
}
