using System.IO.Pipelines;
using Sockeye.Tests.Serving;

namespace Sockeye.Tests.Handbook;

public class EyePageTests : HandbookTests
{
    [Fact]
    public async Task Watching_a_network()
    {
        await using MemoryNetwork network = new();
        await using StringWriter output = new();

        // snippet: 13 watching
        await using SequenceRecorder recorder = new(output);
        using IDisposable observing = network.Observe(recorder);     // every socket that is made from here on
        // end snippet
        await using (Listener listener = await network.ListenAsync("tcp://127.0.0.1:80"))
        await using (Connection client = await network.ConnectAsync("tcp://127.0.0.1:80"))
        await using (Connection server = (await listener.AcceptAsync())!)
        {
            await client.WriteLineAsync("hello");
            Assert.Equal("hello", await server.LineAsync());
        }

        await recorder.FlushAsync();
        Assert.Contains("── 6 bytes \"hello\\n\" ──", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_relay_with_faults()
    {
        MemoryNetwork network = new();
        using CancellationTokenSource stopping = new();
        await using RunningServer target = new(await network.ListenAsync("tcp://127.0.0.1:90"), async (connection, stop) =>
            await connection.WriteLineAsync($"{await connection.LineAsync()}, but slowly", stop));
        Listener listener = await network.ListenAsync("tcp://127.0.0.1:80");
        Task relaying = RelayAsync(network, listener, target.Address, stopping.Token);

        await using (Connection client = await network.ConnectAsync("tcp://127.0.0.1:80"))
        {
            Assert.Equal("hello, but slowly", await client.AskAsync("hello"));
            await client.Output.CompleteAsync();
        }

        await stopping.CancelAsync();
        await relaying.Within();
    }

    [Fact]
    public async Task A_recording_and_what_is_in_it()
    {
        MemoryNetwork network = new();
        await using RunningServer server = new(await network.ListenAsync("tcp://127.0.0.1:80"), async (connection, stop) =>
            await connection.WriteLineAsync($"{await connection.LineAsync()}, and recorded", stop));
        string path = Path.GetTempFileName();
        try
        {
            await RecordAsync(network, server.Address, path, Stop);
            StringWriter output = new();
            await PrintAsync(path, output, Stop);
            string[] lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Contains(lines, line => line.Contains($" {40 + "hello\n".Length} ", StringComparison.Ordinal));
            Assert.Contains(lines, line => line.Contains($" {40 + "hello, and recorded\n".Length} ", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static async Task RecordAsync(Network network, Address address, string path, CancellationToken stop)
    {
        // snippet: 13 recording
        await using PcapngRecorder recorder = new(path, new PcapngRecorderOptions { FileBytesMax = 100_000_000 });
        await using Connection connection = await network.ConnectAsync(address, new ConnectorOptions { Observer = recorder }, stop);
        // end snippet
        Assert.Equal("hello, and recorded", await connection.AskAsync("hello"));
    }

    private static async Task PrintAsync(string path, TextWriter output, CancellationToken stop)
    {
        // snippet: 13 reading a recording
        await using FileStream file = File.OpenRead(path);
        await foreach (PcapPacket packet in PcapReader.ReadAsync(PipeReader.Create(file), cancellationToken: stop))
            output.WriteLine($"{packet.Time:O} {packet.Bytes.Length} {string.Join("; ", packet.Comments)}");
        // end snippet
    }

    [Fact]
    public async Task A_recording_as_a_test()
    {
        await using MemoryNetwork network = new();
        string path = Path.GetTempFileName();
        string log = "";
        try
        {
            Address server = "tcp://127.0.0.1:80";
            await using (PcapngRecorder recorder = new(path))
            {
                await using Listener listener = await network.ListenAsync(server);
                await using Connection client = await network.ConnectAsync(server, new ConnectorOptions { Observer = recorder });
                await using Connection accepted = (await listener.AcceptAsync())!;
                await client.WriteLineAsync("ask");
                await accepted.WriteLineAsync(await accepted.LineAsync() + ": one");
                Assert.Equal("ask: one", await client.LineAsync());
            }

            await using RunningServer changed = new(await network.ListenAsync(server), async (connection, stop) =>
                await connection.WriteLineAsync($"{await connection.LineAsync()}: two", stop));
            CancellationToken stop = CancellationToken.None;

            // snippet: 13 replaying
            await using FileStream file = File.OpenRead(path);
            Transcript recorded = (await Transcript.ReadAllAsync(PipeReader.Create(file), stop))[0];
            await using Connection connection = await network.ConnectAsync(server, stop);
            ReplayOptions options = new() { Frames = Codecs.LineBytes(), Timeout = TimeSpan.FromMinutes(1) };
            ReplayResult result = await Replay.RunAsync(connection, recorded, asClient: true, options, stop);
            if (result.Difference is { } difference)
                log = difference.Message;       // "the server said something else after 5 bytes, in its frame 1"
            // end snippet
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Equal("the server said something else after 5 bytes, in its frame 1", log);
    }

    private static async Task RelayAsync(Network network, Listener listener, Address target, CancellationToken stop)
    {
        // snippet: 13 faults
        FaultControl faults = new(FaultPlan.Parse("up: slice=1; down: delay=50ms"), seed: 1);
        await Server.RunAsync(listener, async (client, stop) =>
        {
            if (faults.TryRefuse(client))
                return;
            (Connection from, Connection to) = faults.Wrap(client, await network.ConnectAsync(target, cancellationToken: stop));
            await using (from)
            await using (to)
                await Relay.RunAsync(from, to, stop);
        }, stop);
        // end snippet
    }
}
