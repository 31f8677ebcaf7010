using System.Globalization;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Replay;

/// <summary>A session of redis-cli with a real Redis, recorded on its way, is a test: of another Redis, and of redis-cli.</summary>
public sealed class RedisReplayTests : IDisposable
{
    private const string Session = """
        SET greeting "hello, world"
        GET greeting
        RPUSH list one two three
        LRANGE list 0 -1
        HSET hash field value
        HGETALL hash
        INCR greeting
        PING

        """;

    private readonly ScratchFolder _folder = new();
    private int _servers;

    private string Recording => _folder.PathOf("redis.pcapng");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_same_server_answers_as_recorded_and_another_does_not()
    {
        await RecordAsync();

        await using (Peer same = await RedisAsync())
            await ReplayAsync(0, "as recorded");

        // What was pushed is pushed on what is there.
        await using (Peer filled = await RedisAsync())
        {
            await AskAsync("RPUSH list zero\n", "-s", SocketPath);
            await ReplayAsync(1, "in its frame 3");
        }

        await using (Peer crippled = await RedisAsync("--rename-command", "HGETALL", ""))
            await ReplayAsync(1, "in its frame 6", "ERR unknown command");
    }

    [Fact]
    public async Task The_client_gets_the_answers_that_were_recorded()
    {
        string recorded = await RecordAsync();
        await using Peer server = Programs.Sockeye("replay", Recording, "--as-server", "tcp://127.0.0.1:0", "--timeout", "120s");
        string port = await server.ErrorLineAfterAsync("listening on tcp://127.0.0.1:");
        Assert.Equal(recorded, await AskAsync(Session, "-p", port));
        Assert.Equal(0, await server.EndAsync());
        Assert.Contains("as recorded", server.Output, StringComparison.Ordinal);

        await using Peer other = Programs.Sockeye("replay", Recording, "--as-server", "tcp://127.0.0.1:0", "--frames", "resp", "--timeout", "120s");
        port = await other.ErrorLineAfterAsync("listening on tcp://127.0.0.1:");
        await AskAsync(Session.Replace("GET greeting", "GET goodbye", StringComparison.Ordinal), "-p", port);
        Assert.Equal(1, await other.EndAsync());
        Assert.Contains("the client said something else", other.Output, StringComparison.Ordinal);
        Assert.Contains("in its frame 2", other.Output, StringComparison.Ordinal);
    }

    private string SocketPath => _folder.PathOf($"redis{_servers}");

    /// <summary>redis-cli through a relay whose client leg is recorded; what it printed.</summary>
    private async Task<string> RecordAsync()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        await using Peer redis = await RedisAsync();
        await using PcapngRecorder recorder = new(Recording);
        await using Listener listener = await Network.Host.ListenAsync("tcp://127.0.0.1:0", new ListenerOptions { Observer = recorder }, stop);
        Task<string> asking = AskAsync(Session, "-p", listener.Address.Port.ToString(CultureInfo.InvariantCulture));
        await using Connection client = (await listener.AcceptAsync(stop))!;
        await using Connection server = await Network.Host.ConnectAsync($"unix://{SocketPath}", stop);
        await global::Sockeye.Relay.RunAsync(client, server, stop);
        return await asking;
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

    private static async Task<string> AskAsync(string commands, params string[] options)
    {
        await using Peer client = Peer.Start(Programs.Find("redis-cli"), options);
        await client.WriteAsync(commands);
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
