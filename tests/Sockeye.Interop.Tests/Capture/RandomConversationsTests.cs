using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Capture;

/// <summary>Random conversations, many at once in one file, both of whose ends are observed: Wireshark finds each once, byte for byte, and nothing wrong.</summary>
public sealed class RandomConversationsTests : IDisposable
{
    private const int ConversationCount = 40;

    private readonly ScratchFolder _folder = new();

    private string Recording => _folder.PathOf("recording.pcapng");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task All_of_them_are_found(int seed)
    {
        List<Conversation> conversations = [.. Enumerable.Range(0, ConversationCount).Select(number => new Conversation(new Random((seed * 1000) + number)))];
        await using MemoryNetwork network = new();
        await using (PcapngRecorder recorder = new(Recording, new PcapngRecorderOptions { QueuedBytesMax = int.MaxValue, QueuedEventsMax = int.MaxValue }))
        {
            using IDisposable observing = network.Observe(recorder);
            await using Listener listener = await network.ListenAsync(Address.Parse("tcp://127.0.0.1:0"), cancellationToken: TestContext.Current.CancellationToken);
            foreach (Conversation conversation in conversations)
            {
                Task<Connection?> accepting = listener.AcceptAsync(TestContext.Current.CancellationToken).AsTask();
                Connection client = await network.ConnectAsync(listener.Address, cancellationToken: TestContext.Current.CancellationToken);
                conversation.Port = ((System.Net.IPEndPoint)client.LocalEndPoint!).Port;
                conversation.Begin(client, (await accepting)!);
            }

            await Task.WhenAll(conversations.Select(each => each.Over));
            Assert.Equal(0, recorder.Dropped);
        }

        await Tshark.AssertSoundAsync(Recording);
        await AssertInOrderAsync();
        IReadOnlyList<FollowedStream> found = await Tshark.FollowAsync(Recording, "tcp", ConversationCount);
        foreach (Conversation conversation in conversations)
        {
            FollowedStream stream = Assert.Single(found, each => each.Client == $"127.0.0.1:{conversation.Port}");
            Assert.Equal(conversation.FromClient, stream.FromClient);
            Assert.Equal(conversation.FromServer, stream.FromServer);
        }
    }

    /// <summary>The file is in the order of time over all flows. Only a SYN comes later: whose it was is known when it is answered.</summary>
    private async Task AssertInOrderAsync()
    {
        string[] times = await Tshark.FieldsAsync(Recording, "!(tcp.flags.syn == 1 && tcp.flags.ack == 0)", "frame.time_epoch");
        decimal[] seconds = [.. times.Select(time => decimal.Parse(time, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(seconds.Order(), seconds);
    }

    /// <summary>Two ends that write pieces of random sizes, and end by FIN, each for itself.</summary>
    private sealed class Conversation(Random random)
    {
        private readonly int _most = random.Next(3) == 0 ? 200_000 : 2_000;

        public int Port { get; set; }

        public byte[] FromClient { get; } = Bytes(random);

        public byte[] FromServer { get; } = Bytes(random);

        public Task Over { get; private set; } = Task.CompletedTask;

        public void Begin(Connection client, Connection server) => Over = Task.WhenAll(
            Task.WhenAll(WriteAsync(client, FromClient, random.Next()), ReadAsync(client, FromServer.Length)).ContinueWith(_ => client.DisposeAsync().AsTask(), TaskScheduler.Default).Unwrap(),
            Task.WhenAll(WriteAsync(server, FromServer, random.Next()), ReadAsync(server, FromClient.Length)).ContinueWith(_ => server.DisposeAsync().AsTask(), TaskScheduler.Default).Unwrap());

        private static byte[] Bytes(Random random)
        {
            byte[] bytes = new byte[random.Next(4) == 0 ? random.Next(600_000) : random.Next(3000)];
            random.NextBytes(bytes);
            return bytes;
        }

        private async Task WriteAsync(Connection connection, byte[] bytes, int seed)
        {
            Random pieces = new(seed);
            for (int offset = 0; offset < bytes.Length;)
            {
                int length = Math.Min(bytes.Length - offset, pieces.Next(1, _most));
                await connection.Output.WriteAsync(bytes.AsMemory(offset, length), TestContext.Current.CancellationToken);
                offset += length;
            }

            await connection.Output.CompleteAsync();
        }

        private static async Task ReadAsync(Connection connection, int count)
        {
            long read = 0;
            while (true)
            {
                ReadResult result = await connection.Input.ReadAsync(TestContext.Current.CancellationToken);
                read += result.Buffer.Length;
                connection.Input.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                    break;
            }

            Assert.Equal(count, read);
        }
    }
}
