using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Replay;

/// <summary>A recorded session with a real Redis is a test: of another Redis, and of redis-cli.</summary>
public sealed class RedisReplayTests : IDisposable
{
    private static readonly string[] Session =
    [
        "SET greeting \"hello, world\"", "GET greeting", "RPUSH list one two three", "LRANGE list 0 -1", "HSET hash field value", "HGETALL hash", "INCR greeting", "PING",
    ];

    private readonly ScratchFolder _folder = new();
    private int _servers;

    private string Recording => _folder.PathOf("redis.pcapng");

    private string SocketPath => _folder.PathOf($"redis{_servers}");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_same_server_answers_as_recorded_and_another_does_not()
    {
        await using (Peer redis = await RedisAsync())
            await RecordAsync($"unix://{SocketPath}", Session);

        await using (Peer same = await RedisAsync())
            await ReplayAsync(0, "as recorded");

        // What is pushed is pushed on what is there.
        await using (Peer filled = await RedisAsync())
        {
            await AskAsync("-s", SocketPath, "RPUSH", "list", "zero");
            await ReplayAsync(1, "in its frame 3", "recorded: \"3\\r\\n", "came: \"4\\r\\n");
        }

        await using (Peer crippled = await RedisAsync("--rename-command", "HGETALL", ""))
            await ReplayAsync(1, "in its frame 6", "-ERR unknown command");
    }

    [Fact]
    public async Task The_handbook_shows_what_the_program_says()
    {
        await using (Peer redis = await RedisAsync())
        {
            await using Peer door = Programs.Sockeye("relay", "tcp://127.0.0.1:0", $"unix://{SocketPath}");
            await RecordAsync($"tcp://127.0.0.1:{await door.ErrorLineAfterAsync("listening on tcp://127.0.0.1:")}", "SET greeting \"hello, world\"", "GET greeting", "RPUSH list one two three");
        }

        await using Peer empty = await RedisAsync();
        (int exitCode, int replays) = (0, 0);
        foreach ((string command, string printed) in Page())
        {
            if (command == "echo $?")
            {
                Assert.Equal($"{exitCode}\n", printed);
                continue;
            }

            string[] words = command.Replace("session.pcapng", Recording, StringComparison.Ordinal).Replace("tcp://127.0.0.1:6379", $"unix://{SocketPath}", StringComparison.Ordinal).Split(' ');
            Assert.Equal("sockeye", words[0]);
            await using Peer replay = Programs.Sockeye([.. words[1..], "--timeout", "120s"]);
            exitCode = await replay.EndAsync();
            Assert.Equal(WithoutPorts(printed), WithoutPorts(replay.Output));
            replays++;
        }

        Assert.Equal((1, 3), (exitCode, replays));
    }

    [Fact]
    public async Task A_client_gets_the_answers_that_were_recorded()
    {
        string[][] commands = [["SET", "greeting", "hello, world"], ["GET", "greeting"], ["RPUSH", "list", "one", "two"], ["LRANGE", "list", "0", "-1"], ["INCR", "greeting"]];
        string[] recorded;
        await using (Peer redis = await RedisAsync())
            recorded = await RecordClientsAsync(commands);

        await using Peer server = Programs.Sockeye("replay", Recording, "--all", "--as-server", "tcp://127.0.0.1:0", "--timeout", "120s");
        string port = await server.ErrorLineAfterAsync("listening on tcp://127.0.0.1:");
        for (int i = 0; i < commands.Length; i++)
            Assert.Equal(recorded[i], await AskAsync(["-p", port, .. commands[i]]));
        Assert.Equal(0, await server.EndAsync());
        Assert.Equal(commands.Length, server.Output.Split("as recorded").Length - 1);

        await using Peer other = Programs.Sockeye("replay", Recording, "--stream", "2", "--as-server", "tcp://127.0.0.1:0", "--frames", "resp", "--timeout", "120s");
        await AskAsync("-p", await other.ErrorLineAfterAsync("listening on tcp://127.0.0.1:"), "GET", "goodbye!");
        Assert.Equal(1, await other.EndAsync());
        Assert.Contains("the client said something else", other.Output, StringComparison.Ordinal);
    }

    /// <summary>The commands of the handbook's page, and what it says that each prints.</summary>
    private static (string Command, string Printed)[] Page()
    {
        string page = File.ReadAllText(Path.Combine(Programs.Root, "docs", "handbook", "13-eye.md"));
        const string Block = "```console\n$ ";
        int start = page.IndexOf(Block, page.IndexOf("\n## Replaying\n", StringComparison.Ordinal), StringComparison.Ordinal) + Block.Length;
        return [.. page[start..page.IndexOf("```", start, StringComparison.Ordinal)].Split("$ ").Select(part => part.Split('\n', 2)).Select(part => (part[0], part[1]))];
    }

    private static string WithoutPorts(string text) => Regex.Replace(text, @"127\.0\.0\.1:\d+", "127.0.0.1:PORT");

    /// <summary>A client that asks when it has its answer, and whose sockets are recorded.</summary>
    private async Task RecordAsync(string address, params string[] session)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        await using PcapngRecorder recorder = new(Recording);
        await using Connection client = await Network.Host.ConnectAsync(address, new ConnectorOptions { Observer = recorder }, stop);
        FrameReader<ReadOnlySequence<byte>> answers = client.Frames(Codecs.Resp());
        foreach (string command in session)
        {
            await client.Output.WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"), stop);
            Assert.False((await answers.ReadAsync(stop)).IsEnd);
        }

        await client.Output.CompleteAsync();
        Assert.True((await answers.ReadAsync(stop)).IsEnd);
    }

    /// <summary>redis-cli through a relay whose clients are recorded, once for each command; what each printed.</summary>
    private async Task<string[]> RecordClientsAsync(string[][] commands)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        List<string> printed = [];
        await using PcapngRecorder recorder = new(Recording);
        await using Listener listener = await Network.Host.ListenAsync("tcp://127.0.0.1:0", new ListenerOptions { Observer = recorder }, stop);
        foreach (string[] command in commands)
        {
            Task<string> asking = AskAsync(["-p", listener.Address.Port.ToString(CultureInfo.InvariantCulture), .. command]);
            await using Connection client = (await listener.AcceptAsync(stop))!;
            await using Connection server = await Network.Host.ConnectAsync($"unix://{SocketPath}", stop);
            await global::Sockeye.Relay.RunAsync(client, server, stop);
            printed.Add(await asking);
        }

        return [.. printed];
    }

    /// <summary>A Redis of its own without anything in it, on a Unix socket, so that no port can be taken.</summary>
    private async Task<Peer> RedisAsync(params string[] options)
    {
        _servers++;
        Peer redis = Peer.Start(Programs.Find("redis-server"),
            ["--port", "0", "--unixsocket", SocketPath, "--dir", _folder.PathOf(""), "--save", "", "--appendonly", "no", "--daemonize", "no", .. options]);
        await redis.SaysAsync("The server is now ready to accept connections");
        return redis;
    }

    private static async Task<string> AskAsync(params string[] arguments)
    {
        await using Peer client = Peer.Start(Programs.Find("redis-cli"), arguments);
        client.EndInput();
        await client.EndAsync();
        return client.Output;
    }

    private async Task ReplayAsync(int exitCode, params string[] texts)
    {
        await using Peer replay = Programs.Sockeye("replay", Recording, "--to", $"unix://{SocketPath}", "--frames", "resp", "--timeout", "120s");
        int code = await replay.EndAsync();
        Assert.All(texts, text => Assert.Contains(text, replay.Output, StringComparison.Ordinal));
        Assert.Equal(exitCode, code);
    }
}
