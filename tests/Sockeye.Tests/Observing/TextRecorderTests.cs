using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sockeye.Tests.Observing;

public sealed class TextRecorderTests : IDisposable
{
    private static readonly IPEndPoint Loopback = new(IPAddress.Loopback, 0);

    private readonly ManualClock _clock = new();
    private readonly StringWriter _text = new();

    public void Dispose() => _text.Dispose();

    [Fact]
    public async Task The_life_of_a_connection()
    {
        using CancellationTokenSource stop = new(Hang.Limit);
        await using HostNetwork network = new(_clock);
        await using TextRecorder recorder = new(_text, _clock);
        network.Observer = SocketObserver.Combine(recorder, new Handshake(_clock));

        Listener listener = await network.ListenAsync("tcp://127.0.0.1:0", cancellationToken: stop.Token);
        Connection client = await network.ConnectAsync(listener.Address, cancellationToken: stop.Token);
        string clientPort = $"{((IPEndPoint)client.LocalEndPoint!).Port}", serverPort = $"{listener.Address.Port}";
        Connection server = (await listener.AcceptAsync(stop.Token))!;
        Step(1000);
        await client.WriteLineAsync("hello, 世界", stop.Token);
        await client.Output.CompleteAsync();
        Step(250);
        await foreach (string line in server.Frames(Codecs.Lines()).ReadAllAsync(stop.Token))
            await server.WriteAsync("bye\u0007"u8.ToArray(), stop.Token);
        await server.DisposeAsync();
        Step(0.001);
        Assert.Equal(4, await client.AsStream().ReadAsync(new byte[10], stop.Token));
        Assert.Equal(0, await client.AsStream().ReadAsync(new byte[10], stop.Token));
        await client.DisposeAsync();
        await listener.DisposeAsync();
        await recorder.FlushAsync();

        const string Expected = """
               0.000000 #1 -- opened INET STREAM
               0.000000 #1 -- bound to tcp://127.0.0.1:SERVER
               0.000000 #1 -- listening
               0.000000 #2 -- opened INET STREAM
               0.000000 #2 -> connecting to tcp://127.0.0.1:SERVER
               0.001500 #2 <- connected to tcp://127.0.0.1:SERVER in 1.500 ms
               0.001500 #1 <- accepted #3 from tcp://127.0.0.1:CLIENT
               1.001500 #2 -> sent 14 "hello, 世界\n"
               1.001500 #2 -> half-closed by us
               1.251500 #3 <- received 14 "hello, 世界\n"
               1.251500 #3 <- frame 14
               1.251500 #3 -> sent 4 "bye\x07"
               1.251500 #3 <- half-closed by peer
               1.251500 #3 -> half-closed by us
               1.251500 #3 -- closed: 4 sent, 14 received
               1.251501 #2 <- received 4 "bye\x07"
               1.251501 #2 <- half-closed by peer
               1.251501 #2 -- closed: 14 sent, 4 received
               1.251501 #1 -- closed: 0 sent, 0 received

            """;
        Assert.Equal(Expected, Text(("127.0.0.1:" + serverPort, "127.0.0.1:SERVER"), ("127.0.0.1:" + clientPort, "127.0.0.1:CLIENT")));
    }

    [Fact]
    public async Task Datagrams_a_refusal_and_hex()
    {
        await using HostNetwork network = new(_clock);
        await using TextRecorder recorder = new(_text, _clock, new TextRecorderOptions { Hex = true, DataWidthMax = 8 });
        network.Observer = recorder;
        await using (DatagramSocket one = await network.OpenDatagramAsync("udp://127.0.0.1:0"))
        await using (DatagramSocket two = await network.OpenDatagramAsync("udp://127.0.0.1:0"))
        {
            await two.SendAsync(new byte[] { 1, 2, 3, 4, 5 }, one.LocalEndPoints[0]);
            await one.ReceiveAsync(new byte[10]);
            EndPoint first = one.LocalEndPoints[0], second = two.LocalEndPoints[0];
            using NetworkSocket socket = network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
            socket.Bind(Loopback);
            EndPoint closed = socket.LocalEndPoint!;
            using NetworkSocket refused = network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
            Assert.Equal(SocketError.ConnectionRefused, refused.TryConnect(closed));
            await recorder.FlushAsync();

            const string Expected = """
                   0.000000 #1 -- opened INET DGRAM
                   0.000000 #1 -- bound to udp://FIRST
                   0.000000 #2 -- opened INET DGRAM
                   0.000000 #2 -- bound to udp://SECOND
                   0.000000 #2 -> sent 5 to udp://FIRST 01 02 03…
                   0.000000 #1 <- received 5 from udp://SECOND 01 02 03…
                   0.000000 #3 -- opened INET STREAM
                   0.000000 #3 -- bound to tcp://CLOSED
                   0.000000 #4 -- opened INET STREAM
                   0.000000 #4 -> connecting to tcp://CLOSED
                   0.000000 #4 -- error ConnectionRefused: refused

                """;
            Assert.Equal(Expected, Text(($"{first}", "FIRST"), ($"{second}", "SECOND"), ($"{closed}", "CLOSED")));
        }
    }

    [Fact]
    public async Task A_reset_by_the_peer_and_an_abort_here()
    {
        await using TextRecorder recorder = new(_text, _clock);
        using NetworkSocket listener = Listen();
        NetworkSocket client = Connect(listener);
        using NetworkSocket server = listener.Accept();
        client.Observer = server.Observer = recorder;
        client.Abort();
        server.Timeout = Hang.Limit;
        Assert.Equal(SocketError.ConnectionReset, Assert.Throws<SocketException>(() => server.Receive(new byte[1])).SocketErrorCode);
        Assert.Equal(0, server.Receive(new byte[1]));
        server.Dispose();
        await recorder.FlushAsync();
        const string Expected = """
               0.000000 #1 -- aborted: 0 sent, 0 received
               0.000000 #2 <- reset by peer
               0.000000 #2 -- closed: 0 sent, 0 received

            """;
        Assert.Equal(Expected, _text.ToString());
    }

    [Fact]
    public async Task A_name_that_would_move_the_cursor_is_escaped()
    {
        string path = $"/tmp/sockeye-\u001b[2J-{Guid.NewGuid():N}";
        using NetworkSocket socket = Network.Host.CreateSocket(AddressFamily.Unix, SocketType.Dgram);
        await using TextRecorder recorder = new(_text, _clock);
        socket.Observer = recorder;
        socket.Bind(new UnixDomainSocketEndPoint(path));
        await recorder.FlushAsync();
        Assert.Contains("bound to unix-dgram:///tmp/sockeye-", _text.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", _text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sender_without_a_name_is_nobody()
    {
        (NetworkSocket one, NetworkSocket two) = Network.Host.CreatePair(SocketType.Dgram);
        using (one)
        using (two)
        {
            await using TextRecorder recorder = new(_text, _clock);
            two.Observer = recorder;
            one.Send("x"u8);
            two.ReceiveFrom(new byte[1], two.CreateAddress());
            await recorder.FlushAsync();
            Assert.Equal("   0.000000 #1 <- received 1 from nobody \"x\"\n", _text.ToString());
        }
    }

    [Fact]
    public async Task A_writer_that_fails_disturbs_nobody()
    {
        await using TextRecorder recorder = new(new BrokenWriter());
        (NetworkSocket one, NetworkSocket two) = Network.Host.CreatePair();
        one.Observer = two.Observer = recorder;
        one.SendAll("hello"u8);
        Assert.Equal(5, two.Receive(new byte[10]));
        one.Dispose();
        Assert.Equal(0, two.Receive(new byte[10]));
        two.Dispose();
        await recorder.FlushAsync();
        Assert.Equal(5, recorder.Dropped);
    }

    [Fact]
    public async Task A_writer_whose_own_socket_is_recorded_does_not_go_round_for_ever()
    {
        (NetworkSocket one, NetworkSocket two) = Network.Host.CreatePair();
        using (one)
        using (two)
        {
            using StreamWriter writer = new(one.AsStream()) { AutoFlush = true };
            await using TextRecorder recorder = new(writer, _clock);
            one.Observer = recorder;
            writer.Write("x");
            await recorder.FlushAsync();
            byte[] line = new byte[100];
            int length = two.Receive(line);
            Assert.Equal("x   0.000000 #1 -> sent 1 \"x\"\n", Encoding.UTF8.GetString(line, 0, length));
            Assert.Equal(1, recorder.Dropped);
        }
    }

    [Fact]
    public async Task Lines_of_many_threads_are_whole()
    {
        const int Threads = 8, Lines = 500;
        await using TextRecorder recorder = new(_text, _clock);
        using NetworkSocket socket = Network.Host.CreateSocket(AddressFamily.Unix, SocketType.Dgram);
        Parallel.For(0, Threads, _ =>
        {
            for (int i = 0; i < Lines; i++)
                recorder.Sent(socket, "hello"u8, remote: null);
        });
        await recorder.FlushAsync();
        string[] lines = _text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Threads * Lines, lines.Length);
        Assert.All(lines, line => Assert.Equal("   0.000000 #1 -> sent 5 \"hello\"", line));
        Assert.Equal(0, recorder.Dropped);
    }

    [Fact]
    public async Task Numbers_do_not_keep_sockets_alive()
    {
        await using TextRecorder recorder = new(TextWriter.Null);
        WeakReference socket = OpenAndForget(recorder);
        await recorder.FlushAsync();
        for (int i = 0; i < 10 && socket.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(socket.IsAlive);
        GC.KeepAlive(recorder);
    }

    [Fact]
    public async Task The_width_has_limits()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextRecorderOptions { DataWidthMax = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextRecorderOptions { DataWidthMax = TextRecorderOptions.DataWidthMaxLimit + 1 });
        using NetworkSocket socket = Network.Host.CreateSocket(AddressFamily.Unix, SocketType.Dgram);
        await using (TextRecorder recorder = new(_text, _clock, new TextRecorderOptions { DataWidthMax = 0 }))
            recorder.Sent(socket, "hello"u8, remote: null);
        Assert.Equal("   0.000000 #1 -> sent 5\n", _text.ToString());
        byte[] large = new byte[100_000];
        _text.GetStringBuilder().Clear();
        await using (TextRecorder recorder = new(_text, _clock, new TextRecorderOptions { DataWidthMax = TextRecorderOptions.DataWidthMaxLimit }))
            recorder.Sent(socket, large, remote: null);
        Assert.InRange(_text.ToString().Length, TextRecorderOptions.DataWidthMaxLimit, TextRecorderOptions.DataWidthMaxLimit + 50);
    }

    private static WeakReference OpenAndForget(TextRecorder recorder)
    {
        using NetworkSocket socket = Network.Host.CreateSocket(AddressFamily.Unix, SocketType.Dgram);
        recorder.Opened(socket);
        return new WeakReference(socket);
    }

    private static NetworkSocket Listen()
    {
        NetworkSocket listener = Network.Host.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        listener.Bind(Loopback);
        listener.Listen();
        return listener;
    }

    private static NetworkSocket Connect(NetworkSocket listener)
    {
        NetworkSocket client = Network.Host.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        client.Connect(listener.LocalEndPoint!);
        return client;
    }

    private void Step(double milliseconds) => _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

    private string Text(params (string Real, string Shown)[] names) =>
        names.Aggregate(_text.ToString(), (text, name) => text.Replace(name.Real, name.Shown, StringComparison.Ordinal));

    /// <summary>Makes every connect take a while.</summary>
    private sealed class Handshake(ManualClock clock) : SocketObserver
    {
        public override void Connecting(NetworkSocket socket, EndPoint remote) => clock.Advance(TimeSpan.FromMilliseconds(1.5));
    }

    private sealed class BrokenWriter : StringWriter
    {
        public override void Write(ReadOnlySpan<char> buffer) => throw new IOException("the disk is full");
    }
}
