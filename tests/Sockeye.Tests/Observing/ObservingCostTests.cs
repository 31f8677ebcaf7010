using System.Net.Sockets;

namespace Sockeye.Tests.Observing;

public class ObservingCostTests
{
    private const int Rounds = 1000;
    private const int Batches = 5;

    [Fact]
    public void Without_an_observer_nothing_is_allocated() => Assert.Equal(0, AllocatedBytes(observer: null));

    [Fact]
    public void A_memory_recorder_that_is_full_costs_nothing_more() => Assert.Equal(0, AllocatedBytes(new MemoryRecorder(capacity: 0)));

    private static long AllocatedBytes(SocketObserver? observer)
    {
        (NetworkSocket one, NetworkSocket two) = Network.Host.CreatePair();
        using (one)
        using (two)
        {
            one.Observer = two.Observer = observer;
            byte[] buffer = new byte[64];
            Exchange(one, two, buffer);

            // The runtime allocates now and then on its own account, as when it compiles a method anew: what the calls allocate is in every batch.
            long least = long.MaxValue;
            for (int batch = 0; batch < Batches; batch++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                for (int i = 0; i < Rounds; i++)
                    Exchange(one, two, buffer);
                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            return least;
        }
    }

    private static void Exchange(NetworkSocket one, NetworkSocket two, byte[] buffer)
    {
        if (one.TrySend("hello, world\n"u8, out int sent) != SocketError.Success || two.TryReceive(buffer, out int received) != SocketError.Success || sent != received)
            throw new InvalidOperationException("A pair lost its bytes.");
        if (two.TryReceive(buffer, out _) != SocketError.WouldBlock)
            throw new InvalidOperationException("A pair has more than was sent.");
    }
}
