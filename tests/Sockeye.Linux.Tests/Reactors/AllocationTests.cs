using System.Buffers;
using System.IO.Pipelines;
using Sockeye.Tests.Soak;

namespace Sockeye.Linux.Tests.Reactors;

/// <summary>A handler that has warmed up allocates nothing.</summary>
[Collection(nameof(Alone))]
public abstract class AllocationTests(Engine engine) : ReactorTests(engine)
{
    private const int Batches = 10;
    private const int BatchMessages = 1000;
    private const int MessageLength = 64;

    [Theory]
    [InlineData("tcp://127.0.0.1:0", false)]
    [InlineData("tcp://127.0.0.1:0", true)]
    [InlineData(AnyName, false)]
    public Task An_echo_allocates_nothing(string address, bool isFlushing) => RunAsync(async () =>
    {
        using ReactorPair pair = await ConnectAsync(Open(), address);
        long[] allocated = new long[Batches];
        Task handling = StartOn(pair.Connection.Socket!, async () =>
        {
            for (int batch = 0; batch < Batches; batch++)
            {
                // The first read of a batch waits as all do, so from here on all is the reactor's thread.
                Assert.NotNull(Here);
                long before = GC.GetAllocatedBytesForCurrentThread();
                for (int echoed = 0; echoed < BatchMessages * MessageLength;)
                {
                    ReadResult result = await pair.Connection.Input.ReadAsync();
                    echoed += (int)result.Buffer.Length;
                    foreach (ReadOnlyMemory<byte> part in result.Buffer)
                    {
                        if (isFlushing)
                            pair.Connection.Output.Write(part.Span);
                        else
                            await pair.Connection.Output.WriteAsync(part);
                    }

                    if (isFlushing)
                        await pair.Connection.Output.FlushAsync();
                    pair.Connection.Input.AdvanceTo(result.Buffer.End);
                }

                allocated[batch] = GC.GetAllocatedBytesForCurrentThread() - before;
            }
        });
        await Task.Run(() =>
        {
            byte[] message = new byte[MessageLength], answer = new byte[MessageLength];
            for (int i = 0; i < Batches * BatchMessages; i++)
            {
                message[i % MessageLength]++;
                pair.Peer.SendAll(message);
                Assert.Equal(MessageLength, pair.Peer.ReceiveAll(answer));
                Assert.True(message.AsSpan().SequenceEqual(answer));
            }
        });
        await handling;

        // The runtime allocates now and then on its own account, as when it compiles a method anew: what a message allocates is in every batch.
        Assert.Equal(0, allocated.Min());
    });
}
