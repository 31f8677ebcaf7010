using Sockeye.Interop;

namespace Sockeye.Linux.Tests.Interop;

/// <summary>One ring by itself, on the thread of the test.</summary>
public unsafe class RingTests
{
    private const int NoEntry = 2;
    private const int Already = 114;
    private const uint PollIn = 1;

    /// <summary>IORING_OP_NOP, which ends when it is submitted.</summary>
    private const RingOperation Nothing = 0;

    [Fact]
    public void More_is_submitted_than_the_queue_holds()
    {
        const int Requests = 1000;
        using Ring ring = Create(submissions: 2, completions: 4096);
        for (int i = 0; i < Requests; i++)
            Fill(ring, Nothing, userData: (ulong)i);
        ring.Enter(waits: false);

        Assert.False(ring.HasUnsubmitted);
        Assert.Equal(Numbers(Requests), Take(ring).Select(completion => completion.UserData));
    }

    /// <summary>What does not fit is kept by the kernel, and comes when there is room.</summary>
    [Fact]
    public void More_completes_than_the_queue_holds()
    {
        const int Requests = 1000, Room = 2;
        using Ring ring = Create(submissions: 2, completions: Room);
        for (int i = 0; i < Requests; i++)
            Fill(ring, Nothing, userData: (ulong)i);

        // Whoever enters in vain may do so again: nothing is there twice.
        for (int i = 0; i < Requests; i++)
            ring.Enter(waits: false);
        Assert.False(ring.HasUnsubmitted);
        List<ulong> all = [];
        for (int round = 0; round < Requests && all.Count < Requests; round++)
        {
            RingCompletion[] some = Take(ring);
            Assert.InRange(some.Length, 1, Room);
            all.AddRange(some.Select(completion => completion.UserData));
            ring.Enter(waits: false);
        }

        Assert.Equal(Numbers(Requests), all);
        Assert.False(ring.HasCompletion);
    }

    [Fact]
    public void A_full_queue_of_completions_stops_no_wait()
    {
        using Ring ring = Create(submissions: 2, completions: 2);
        using DescriptorPair pair = new();
        Fill(ring, RingOperation.PollAdd, userData: 99, pair.First, pollsFor: PollIn);
        for (int i = 0; i < 10; i++)
            Fill(ring, Nothing, userData: (ulong)i);
        pair.Send();
        List<ulong> all = [];
        while (!all.Contains(99))
        {
            ring.Enter(waits: true);
            all.AddRange(Take(ring).Select(completion => completion.UserData));
        }

        // It ended last, and was waited for behind all others.
        Assert.Equal([.. Numbers(10), 99ul], all.Order());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_cancel_ends_what_is_under_way_and_finds_nothing_that_has_ended(bool isSubmittedBefore)
    {
        const ulong Request = 1, Cancel = 2, CancelAgain = 3, CancelLater = 4;
        using Ring ring = Create(submissions: 4, completions: 4);
        using DescriptorPair pair = new();
        Fill(ring, RingOperation.PollAdd, Request, pair.First, pollsFor: PollIn);
        if (isSubmittedBefore)
            ring.Enter(waits: false);
        Fill(ring, RingOperation.Cancel, Cancel, address: Request);
        Fill(ring, RingOperation.Cancel, CancelAgain, address: Request);

        Dictionary<ulong, int> results = Complete(ring, 3);
        Assert.Equal(-Errno.Cancelled, results[Request]);
        Assert.Equal(0, results[Cancel]);

        // It may be on its way out still.
        Assert.True(results[CancelAgain] is 0 or -NoEntry or -Already);
        Fill(ring, RingOperation.Cancel, CancelLater, address: Request);
        Assert.Equal(-NoEntry, Complete(ring, 1)[CancelLater]);
    }

    [Fact]
    public void A_cancel_finds_nothing_that_has_ended_by_itself()
    {
        const ulong Request = 1, Cancel = 2;
        using Ring ring = Create(submissions: 4, completions: 4);
        using DescriptorPair pair = new();
        pair.Send();
        Fill(ring, RingOperation.PollAdd, Request, pair.First, pollsFor: PollIn);
        Fill(ring, RingOperation.Cancel, Cancel, address: Request);

        Dictionary<ulong, int> results = Complete(ring, 2);
        Assert.Equal((int)PollIn, results[Request] & (int)PollIn);
        Assert.Equal(-NoEntry, results[Cancel]);
    }

    private static Ring Create(uint submissions, uint completions)
    {
        Ring? ring = Ring.TryCreate(submissions, completions, out int errno);
        Assert.True(ring is not null, RingProbe.Describe(errno));
        Assert.Equal(0, ring.Enable());
        return ring;
    }

    private static void Fill(Ring ring, RingOperation operation, ulong userData, Descriptor? descriptor = null, uint pollsFor = 0, ulong address = 0)
    {
        RingEntry* entry = ring.Next();
        entry->Operation = operation;
        entry->Descriptor = descriptor?.Number ?? -1;
        entry->OperationFlags = pollsFor;
        entry->Address = address;
        entry->UserData = userData;
    }

    private static RingCompletion[] Take(Ring ring)
    {
        List<RingCompletion> all = [];
        while (ring.TryComplete(out RingCompletion completion))
            all.Add(completion);
        return [.. all];
    }

    /// <summary>Each completes once, in whichever order.</summary>
    private static Dictionary<ulong, int> Complete(Ring ring, int count)
    {
        Dictionary<ulong, int> results = [];
        while (results.Count < count)
        {
            ring.Enter(waits: true);
            foreach (RingCompletion completion in Take(ring))
                results.Add(completion.UserData, completion.Result);
        }

        return results;
    }

    private static IEnumerable<ulong> Numbers(int count) => Enumerable.Range(0, count).Select(i => (ulong)i);
}
