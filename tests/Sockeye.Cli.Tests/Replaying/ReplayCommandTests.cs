using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Sockeye.Cli.Commands;

namespace Sockeye.Cli.Tests.Replaying;

/// <summary><c>sockeye replay</c> as it is called, on recordings that the recorder made, with sockets of .NET's own at the other end.</summary>
public sealed class ReplayCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sockeye-replay-").FullName;
    private readonly Lines _output = new();
    private readonly Lines _error = new();

    private string Recording => Path.Combine(_folder, "session.pcapng");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_recording_lists_its_connections()
    {
        await RecordAsync("answer\n");
        Assert.Equal(0, await RunAsync("replay", Recording, "--list"));
        Assert.Matches(@"^1  127\.0\.0\.1:\d+ -> 127\.0\.0\.1:\d+: 4 bytes of the client, 7 of the server$", Assert.Single(_output.All));
        Assert.Empty(_error.All);

        Assert.Equal(0, await RunAsync("replay", Recording, "--list", "--json"));
        JsonElement stream = JsonDocument.Parse(_output.All[^1]).RootElement;
        Assert.Equal((1, "stream", 1, 4, 7, 0, false), (stream.GetProperty("schema").GetInt32(), stream.GetProperty("event").GetString(), stream.GetProperty("stream").GetInt32(),
            stream.GetProperty("clientBytes").GetInt32(), stream.GetProperty("serverBytes").GetInt32(), stream.GetProperty("missing").GetInt32(), stream.GetProperty("guessed").GetBoolean()));
        Assert.StartsWith("127.0.0.1:", stream.GetProperty("client").GetString(), StringComparison.Ordinal);
        Assert.NotEqual(default, stream.GetProperty("time").GetDateTimeOffset());
    }

    [Theory]
    [InlineData("answer\n", 0)]
    [InlineData("anSwer\n", 0, "--ignore-bytes", "2-2")]
    [InlineData("answers\n", 0, "--ignore", "ans[a-z]+")]
    [InlineData("answers\n", 1, "--ignore", "[0-9]+")]
    [InlineData("ANSWER\n", 0, "--compare", "length")]
    [InlineData("another\n", 0, "--compare", "frames", "--frames", "lines")]
    [InlineData("answer\n", 0, "--speed", "1000", "--stream", "1")]
    [InlineData("anSwer\n", 1)]
    [InlineData("answer\n\n", 1, "--compare", "length")]
    [InlineData("answer\n\n", 1, "--compare", "frames", "--frames", "lines")]
    public async Task A_server_is_compared_with_the_recorded_one(string answer, int exitCode, params string[] options)
    {
        await RecordAsync("answer\n");
        using Socket server = Listen();
        Task serving = ServeAsync(server, answer);
        Assert.Equal(exitCode, await RunAsync(["replay", Recording, "--to", $"tcp://{server.LocalEndPoint}", "--timeout", "120s", .. options]));
        await serving.WaitAsync(Lines.Patience);
        Assert.Empty(_error.All);
        Assert.Equal(exitCode == 0, _output.All[0].EndsWith($": as recorded; 4 bytes sent, {answer.Length} received", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_difference_is_shown_with_what_was_recorded_and_what_came()
    {
        await RecordAsync("one\nanswer\n");
        using Socket server = Listen();
        Task serving = ServeAsync(server, "one\nan\u001b[2Jer\n");
        Assert.Equal(1, await RunAsync("replay", Recording, "--to", $"tcp://{server.LocalEndPoint}", "--timeout", "120s", "--frames", "lines"));
        await serving.WaitAsync(Lines.Patience);
        Assert.EndsWith(": the server said something else after 6 bytes, in its frame 2", _output.All[0], StringComparison.Ordinal);
        Assert.Equal([@"    recorded: ""swer\n""  73 77 65 72 0a", @"        came: ""\x1b[2Jer\n""  1b 5b 32 4a 65 72 0a"], _output.All[1..]);
    }

    [Fact]
    public async Task A_difference_as_JSON()
    {
        await RecordAsync("answer\n");
        using Socket server = Listen();
        Task serving = ServeAsync(server, "an\u001bwer\n");
        Assert.Equal(1, await RunAsync("replay", Recording, "--to", $"tcp://{server.LocalEndPoint}", "--timeout", "120s", "--frames", "lines", "--json"));
        await serving.WaitAsync(Lines.Patience);
        JsonElement difference = JsonDocument.Parse(Assert.Single(_output.All)).RootElement;
        Assert.Equal("difference", difference.GetProperty("event").GetString());
        Assert.Equal("other", difference.GetProperty("kind").GetString());
        Assert.Equal((2, 1, 4), (difference.GetProperty("offset").GetInt32(), difference.GetProperty("frame").GetInt32(), difference.GetProperty("sent").GetInt32()));
        Assert.Equal("swer\n", difference.GetProperty("expected").GetProperty("text").GetString());
        Assert.Equal("\u001bwer\n", difference.GetProperty("actual").GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("ask\n", 0)]
    [InlineData("ASK\n", 1)]
    public async Task A_client_is_compared_with_the_recorded_one(string question, int exitCode)
    {
        await RecordAsync("answer\n");
        Task<int> run = RunAsync("replay", Recording, "--as-server", "tcp://127.0.0.1:0", "--timeout", "120s");
        string line = await _error.FindAsync("listening on tcp://");
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPEndPoint.Parse(line[(line.IndexOf("//", StringComparison.Ordinal) + 2)..]));
        await client.SendAsync(Encoding.ASCII.GetBytes(question));
        if (exitCode == 0)
        {
            Assert.Equal("answer\n", await ReadAsync(client, 7));
            client.Shutdown(SocketShutdown.Send);
        }

        Assert.Equal(exitCode, await run.WaitAsync(Lines.Patience));
        Assert.Contains(exitCode == 0 ? "as recorded" : "the client said something else at the beginning", _output.All[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_connections_one_is_chosen_or_all()
    {
        await RecordAsync("answer\n", "other\n");
        Assert.Equal(2, await RunAsync("replay", Recording, "--to", "tcp://127.0.0.1:9"));
        Assert.Contains("has 2 connections: choose one with --stream 1, or take --all; --list shows them", _error.All[^1], StringComparison.Ordinal);
        Assert.Equal(2, await RunAsync("replay", Recording, "--to", "tcp://127.0.0.1:9", "--stream", "3"));
        Assert.Contains("has no connection 3: it has 2", _error.All[^1], StringComparison.Ordinal);

        using Socket server = Listen();
        Task<int> run = RunAsync("replay", Recording, "--to", $"tcp://{server.LocalEndPoint}", "--all", "--timeout", "120s");
        await ServeAsync(server, "answer\n").WaitAsync(Lines.Patience);
        await ServeAsync(server, "answer\n").WaitAsync(Lines.Patience);
        Assert.Equal(1, await run.WaitAsync(Lines.Patience));
        Assert.Contains("as recorded", _output.All[0], StringComparison.Ordinal);
        Assert.StartsWith("2  ", _output.All[1], StringComparison.Ordinal);
        Assert.Contains("said something else", _output.All[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_played_is_told_with_what_to_do()
    {
        await RefuseAsync([1, 2, 3, 4, 5], "neither a pcap nor a pcapng file; record with sockeye tap … --pcap FILE, or tcpdump -s 0 -w FILE");
        await RefuseAsync([], "the file is empty; record with");
        await RefuseAsync(Pcap(), "holds no IP packets");
        await RefuseAsync(Pcap(Packet(ProtocolType.Udp, new byte[8])), "holds no TCP connection among its 1 packets");
        await RefuseAsync(Pcap(Packet(ProtocolType.Tcp, Segment("hello"))).AsSpan(0, 80).ToArray(), "the file ends within a packet");
        await RefuseAsync(Pcap(Packet(ProtocolType.Tcp, Segment("hello"))[..40]), "holds the beginning of 1 packets only: record again with whole packets (tcpdump -s 0)");
        await RefuseAsync(Pcap(Packet(ProtocolType.Tcp, Segment("hello"))[..42], Packet(ProtocolType.Tcp, Segment("!", 6))), "connection 1 lacks 3 bytes that the client sent after 2: record again");
        Assert.Equal(2, await RunAsync("replay", Path.Combine(_folder, "none"), "--list"));
        Assert.Contains("cannot read", _error.All[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("one of --to ADDRESS, to play the client, --as-server ADDRESS, to play the server, and --list")]
    [InlineData("one of --to ADDRESS", "--list", "--to", "tcp://127.0.0.1:9")]
    [InlineData("--all and --stream exclude each other", "--list", "--all", "--stream", "1")]
    [InlineData("--compare frames needs --frames CODEC", "--list", "--compare", "frames")]
    [InlineData("it is bytes, length or frames", "--list", "--compare", "words")]
    [InlineData("--ignore-bytes goes with --compare bytes", "--list", "--compare", "length", "--ignore-bytes", "1-2")]
    [InlineData("--ignore goes with --compare bytes", "--list", "--compare", "length", "--ignore", "a")]
    [InlineData("it is a regular expression without look-arounds and back references", "--list", "--ignore", "(a")]
    [InlineData("it is a regular expression without look-arounds and back references", "--list", "--ignore", "(?<=a)b")]
    [InlineData("it is the first and the last offset, as in 17-35", "--list", "--ignore-bytes", "5-4")]
    [InlineData("it is the first and the last offset, as in 17-35", "--list", "--ignore-bytes", "a")]
    [InlineData("--speed cannot be \"0\"", "--list", "--speed", "0")]
    [InlineData("cannot be replayed to: replay connects to tcp, tls, unix and abstract addresses", "--to", "udp://127.0.0.1:9")]
    [InlineData("cannot be replayed at: replay listens on tcp, unix and abstract addresses", "--as-server", "tls://127.0.0.1:9")]
    public async Task What_makes_no_sense_is_wrong_usage(string problem, params string[] options)
    {
        Assert.Equal(2, await RunAsync(["replay", "file", .. options]));
        Assert.Contains(problem, Assert.Single(_error.All), StringComparison.Ordinal);
    }

    private static byte[] Pcap(params byte[][] packets)
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes);
        foreach (uint value in new[] { 0xA1B2C3D4u, 0x00040002u, 0u, 0u, 65535u, 101u })
            writer.Write(value);
        foreach (byte[] packet in packets)
        {
            foreach (int value in new[] { 1, 2, packet.Length, (packet[2] << 8) | packet[3] })
                writer.Write(value);
            writer.Write(packet);
        }

        return bytes.ToArray();
    }

    private static byte[] Packet(ProtocolType protocol, byte[] payload) =>
        new IPv4Header { Source = IPAddress.Loopback, Destination = IPAddress.Loopback, Protocol = protocol }.Emit(payload);

    private static byte[] Segment(string data, uint sequence = 1) => new TcpHeader { SourcePort = 40000, DestinationPort = 80, SequenceNumber = sequence, Flags = TcpFlags.Ack }
        .Emit(Encoding.ASCII.GetBytes(data), new PseudoHeader(IPAddress.Loopback, IPAddress.Loopback));

    private static Socket Listen()
    {
        Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        server.Listen();
        return server;
    }

    /// <summary>One client: a question of four bytes, the answer, and both ends.</summary>
    private static async Task ServeAsync(Socket server, string answer)
    {
        using Socket client = await server.AcceptAsync();
        Assert.Equal("ask\n", await ReadAsync(client, 4));
        await client.SendAsync(Encoding.ASCII.GetBytes(answer));
        try
        {
            while (await client.ReceiveAsync(new byte[100]) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // It has seen a difference, and gone.
        }
    }

    private static async Task<string> ReadAsync(Socket socket, int count)
    {
        byte[] bytes = new byte[count];
        int read = 0;
        while (read < count && await socket.ReceiveAsync(bytes.AsMemory(read)) is > 0 and int more)
            read += more;
        return Encoding.ASCII.GetString(bytes, 0, read);
    }

    /// <summary>A connection for each answer, one after the other.</summary>
    private async Task RecordAsync(params string[] answers)
    {
        await using PcapngRecorder recorder = new(Recording);
        using Socket server = Listen();
        foreach (string answer in answers)
        {
            Task serving = ServeAsync(server, answer);
            await using Connection client = await Network.Host.ConnectAsync($"tcp://{server.LocalEndPoint}", new ConnectorOptions { Observer = recorder });
            await client.Output.WriteAsync("ask\n"u8.ToArray());
            System.IO.Pipelines.ReadResult result = await client.Input.ReadAtLeastAsync(answer.Length);
            client.Input.AdvanceTo(result.Buffer.End);
            await client.Output.CompleteAsync();
            await serving.WaitAsync(Lines.Patience);
            Assert.True((await client.Input.ReadAsync()).IsCompleted);
        }
    }

    private async Task RefuseAsync(byte[] file, string message)
    {
        await File.WriteAllBytesAsync(Recording, file);
        Assert.Equal(ExitCodes.WrongUsage, await RunAsync("replay", Recording, "--to", "tcp://127.0.0.1:9"));
        Assert.Contains(message, _error.All[^1], StringComparison.Ordinal);
    }

    private Task<int> RunAsync(params string[] arguments) =>
        CommandLine.RunAsync(arguments, new CliEnvironment { Output = _output, Error = _error, StopSignals = () => new StopSignals(_ => { }, TimeProvider.System) });
}
