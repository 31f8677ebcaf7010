using System.Buffers;
using System.IO.Pipelines;
using System.Net;
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

    [Theory]
    [InlineData("udp://127.0.0.1:0", true)]
    [InlineData("udp://127.0.0.1:0?gro", true)]
    [InlineData("udp://127.0.0.1:0", false)]
    public Task An_echo_of_datagrams_allocates_nothing(string address, bool areBatches) => RunAsync(async () =>
    {
        const int Rounds = 500, Datagrams = 4;
        await using DatagramSocket socket = await Open().OpenDatagramAsync(address);
        long[] allocated = new long[Batches];
        Task handling = StartOn(socket.Socket!, async () =>
        {
            DatagramBatch batch = new(lengthMax: MessageLength);
            byte[] buffer = new byte[MessageLength];
            SocketAddress from = socket.CreateAddress();
            for (int i = 0; i < Batches; i++)
            {
                Assert.NotNull(Here);
                long before = GC.GetAllocatedBytesForCurrentThread();
                for (int echoed = 0; echoed < Rounds * Datagrams;)
                {
                    if (areBatches)
                    {
                        await socket.ReceiveAsync(batch);
                        await socket.SendAsync(batch);
                        echoed += batch.Count;
                    }
                    else
                    {
                        DatagramResult result = await socket.ReceiveAsync(buffer, from);
                        await socket.SendAsync(buffer.AsMemory(0, result.Count), from);
                        echoed++;
                    }
                }

                allocated[i] = GC.GetAllocatedBytesForCurrentThread() - before;
            }
        });
        await EchoDatagramsAsync(socket.Address, Batches * Rounds, Datagrams);
        await handling;
        Assert.Equal(0, allocated.Min());
    });

    /// <summary>Sends so many datagrams so many times, and compares what comes back.</summary>
    private static async Task EchoDatagramsAsync(Address address, int rounds, int datagrams)
    {
        await using DatagramSocket client = await Network.Host.ConnectDatagramAsync(address);
        DatagramBatch batch = new(datagrams, MessageLength), answers = new(datagrams, MessageLength);
        byte[] message = new byte[MessageLength * datagrams];
        for (int i = 0; i < rounds; i++)
        {
            message[i % message.Length]++;
            batch.Clear();
            batch.AddSegments(message, MessageLength);
            await client.SendAsync(batch);
            for (int got = 0; got < datagrams; got += answers.Count)
            {
                await client.ReceiveAsync(answers);
                for (int j = 0; j < answers.Count; j++)
                    Assert.True(answers[j].Bytes.Span.SequenceEqual(message.AsSpan((got + j) * MessageLength, MessageLength)));
            }
        }
    }
}
