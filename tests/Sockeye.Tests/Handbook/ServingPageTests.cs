using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Sockeye.Tests.Conformance;
using Sockeye.Tests.Serving;

namespace Sockeye.Tests.Handbook;

public class ServingPageTests : HandbookTests
{
    [Fact]
    public async Task A_server()
    {
        using CancellationTokenSource stop = new();
        Listener listener = await Network.Host.ListenAsync("tcp://127.0.0.1:0", cancellationToken: Stop);
        Task serving = ServeAsync(listener, stop.Token);
        await using (Connection client = await Network.Host.ConnectAsync(listener.Address, cancellationToken: Stop))
            Assert.Equal("HELLO", await client.AskAsync("hello"));
        await stop.CancelAsync();
        await serving.Within();
    }

    [Fact]
    public async Task Options_and_counters()
    {
        CancellationToken stop = Stop;
        ConcurrentQueue<string> log = [];
        using CancellationTokenSource stopping = new();
        Listener listener = await Network.Host.ListenAsync("tcp://127.0.0.1:0", cancellationToken: stop);
        Handler handler = RunningServer.EchoAsync;
        HashSet<IPAddress> banned = [];

        // snippet: 04 options
        ServerOptions options = new()
        {
            ConnectionLimit = 1000,
            ConnectionLimitPerAddress = 20,
            IdleTimeout = TimeSpan.FromMinutes(5),
            DrainTimeout = TimeSpan.FromSeconds(30),
            Verify = (connection, stop) => new(connection.RemoteEndPoint is not IPEndPoint peer || !banned.Contains(peer.Address)),
            OnEnded = (connection, reason, error) => log.Enqueue($"{connection.RemoteEndPoint}: {reason}. {error?.Message}"),
            OnRefused = (connection, reason) => log.Enqueue($"{connection.RemoteEndPoint}: refused, {reason}"),
            OnError = error => log.Enqueue($"{error}"),
        };
        Server server = new(listener, handler, options);
        Task running = server.RunAsync(stopping.Token);
        // end snippet
        await using (Connection client = await Network.Host.ConnectAsync(listener.Address, cancellationToken: stop))
            await client.AskAsync("hello");
        // snippet: 04 statistics
        ServerStatistics now = server.Statistics;
        string summary = $"{now.Active} are served, {now.Accepted} have come, {now.RefusedByLimit} were too many";
        // end snippet
        await stopping.CancelAsync();
        await running.Within();
        Assert.EndsWith(" 1 have come, 0 were too many", summary, StringComparison.Ordinal);
        Assert.EndsWith(": Completed. ", Assert.Single(log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_comes_back()
    {
        ConcurrentQueue<string> log = [];
        using CancellationTokenSource stopping = new();
        await using MemoryNetwork network = new();
        Address address = "tcp://127.0.0.1:80";
        await using Listener listener = await network.ListenAsync(address, cancellationToken: Stop);
        Task running = SubscribeAsync(network, address, log, stopping.Token);

        for (int i = 0; i < 2; i++)
        {
            await using Connection accepted = (await listener.AcceptAsync(Stop))!;
            Assert.Equal("subscribe news", await accepted.LineAsync());
            await accepted.WriteLineAsync($"news {i}", Stop);
        }

        await stopping.CancelAsync();
        await running.Within();
        Assert.Equal("news 0", log.First());
        Assert.StartsWith("trying again in 0.", log.ElementAt(1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_gives_up()
    {
        // snippet: 04 reconnecting options
        ReconnectingOptions options = new()
        {
            BackoffMin = TimeSpan.FromSeconds(1),
            BackoffMax = TimeSpan.FromMinutes(2),
            GiveUpAfter = TimeSpan.FromHours(1),
            Random = new Random(42),
        };
        // end snippet
        WatchedClock clock = new();
        await using MemoryNetwork network = new(clock);
        TimeSpan waited = TimeSpan.Zero;
        List<TimeSpan> all = [];
        Channel<TimeSpan> waits = Channel.CreateUnbounded<TimeSpan>();
        ReconnectingClient client = new(network, "tcp://127.0.0.1:80", options with { OnWaiting = (wait, _, _) => waits.Writer.TryWrite(wait) });
        Task running = client.RunAsync((_, _) => Task.CompletedTask, Stop);

        while (await Task.WhenAny(running, waits.Reader.WaitToReadAsync(Stop).AsTask()) != running)
        {
            Assert.True(waits.Reader.TryRead(out TimeSpan wait));
            all.Add(wait);
            await clock.StartedAsync(wait, all.Count(other => other == wait));
            clock.Advance(wait);
            waited += wait;
        }

        await Assert.ThrowsAsync<SocketTimeoutException>(() => running);
        Assert.InRange(waited, options.GiveUpAfter!.Value - options.BackoffMax, options.GiveUpAfter.Value);
    }

    [Fact]
    public async Task Saying_goodbye()
    {
        await using RunningServer server = await RunningServer.StartAsync(TalkAsync);
        await using Connection client = await server.ConnectAsync();
        Assert.Equal("hello", await client.AskAsync("hello"));
        server.Stop();
        Assert.Equal("The server is stopping. Goodbye.", await client.LineAsync());
        Assert.True(await client.EndsInOrderAsync());
    }

    [Fact]
    public async Task Datagrams_many_at_once()
    {
        using CancellationTokenSource stopping = new();
        await using DatagramSocket server = await Network.Host.OpenDatagramAsync("udp://127.0.0.1:0", Stop);
        Task answering = ReverseAsync(server, stopping.Token);
        await using DatagramSocket socket = await Network.Host.OpenDatagramAsync("udp://127.0.0.1:0", Stop);
        await SendFrameAsync(socket, server.LocalEndPoints[0], Payload.Of(3000), Stop);
        DatagramBatch answers = new();
        List<int> lengths = [];
        while (lengths.Count < 3)
        {
            await socket.ReceiveAsync(answers, Stop);
            lengths.AddRange(answers.Select(datagram => datagram.Length));
        }

        Assert.Equal([1200, 1200, 600], lengths);
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answering);
    }

    [Fact]
    public async Task Datagrams_that_cannot_go_are_left_out()
    {
        CancellationToken stop = Stop;
        ConcurrentQueue<string> log = [];
        await using DatagramSocket socket = await Network.Host.OpenDatagramAsync("udp://127.0.0.1:0", stop);
        DatagramBatch batch = new(datagramsMax: 3, lengthMax: DatagramSocket.DatagramMax + 1);
        foreach (int length in new[] { 1, DatagramSocket.DatagramMax + 1, 2 })
            batch.Add(new byte[length], socket.LocalEndPoints[0]);

        // snippet: 04 what cannot go
        for (int first = 0; first < batch.Count; first = batch.SentCount + 1)
        {
            try
            {
                await socket.SendAsync(batch, first, stop);
                break;
            }
            catch (SocketException e)
            {
                log.Enqueue(e.Message);     // "cannot send datagram 2 of 3 to udp://…: …"
            }
        }
        // end snippet
        Assert.StartsWith("cannot send datagram 2 of 3 to udp://", Assert.Single(log), StringComparison.Ordinal);
        byte[] buffer = new byte[8];
        foreach (int length in new[] { 1, 2 })
            Assert.Equal(length, (await socket.ReceiveAsync(buffer, stop)).Bytes.Length);
    }

    [Fact]
    public async Task Datagrams()
    {
        CancellationToken stop = Stop;
        using CancellationTokenSource stopping = new();
        ConcurrentQueue<string> log = [];

        // snippet: 04 datagrams
        DatagramSocket socket = await Network.Host.OpenDatagramAsync("udp://127.0.0.1:0", stop);
        DatagramServerOptions options = new()
        {
            ConcurrencyMax = 16,
            Verify = datagram => datagram.Bytes.Length > 0 && !datagram.IsTruncated,
            OnError = (datagram, error) => log.Enqueue($"{datagram?.RemoteEndPoint}: {error.Message}"),
        };
        Task running = DatagramServer.RunAsync(socket, (datagram, stop) => datagram.ReplyAsync(datagram.Bytes, stop), options, stopping.Token);
        // end snippet
        await using DatagramSocket client = await Network.Host.ConnectDatagramAsync(socket.Address, stop);
        await client.SendAsync("hello"u8.ToArray(), stop);
        ReceivedDatagram answer = await client.ReceiveAsync(new byte[10], stop);
        Assert.Equal("hello", Encoding.UTF8.GetString(answer.Bytes.Span));
        await stopping.CancelAsync();
        await running.Within();
        Assert.Empty(log);
    }

    [Fact]
    public async Task Middleware_that_logs()
    {
        StringWriter log = new();
        // snippet: 04 use middleware
        ServerOptions options = new() { Middleware = [next => Logged(next, log)] };
        // end snippet
        await using RunningServer server = await RunningServer.StartAsync(RunningServer.EchoAsync, options);
        await using (Connection client = await server.ConnectAsync())
            await client.AskAsync("hello");
        await server.StopAsync();
        Assert.EndsWith(": 6 bytes in, 6 out\n", $"{log}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Middleware_that_wraps()
    {
        TaskCompletionSource<long> left = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RunningServer server = await RunningServer.StartAsync(
            async (connection, stop) =>
            {
                await connection.WriteLineAsync($"{connection.LocalEndPoint}", stop);
                left.SetResult(((NumberedConnection)connection).Number);
            },
            new ServerOptions { Middleware = [Numbered] });
        await using Connection client = await server.ConnectAsync();
        Assert.StartsWith("127.0.0.1:", await client.LineAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await left.Task.Within());
    }

    private static async Task SubscribeAsync(Network network, Address address, ConcurrentQueue<string> log, CancellationToken stopToken)
    {
        // snippet: 04 reconnecting
        ReconnectingClient client = new(network, address, new ReconnectingOptions
        {
            OnConnected = async (connection, stop) => await connection.WriteLineAsync("subscribe news", stop),
            OnWaiting = (wait, failures, error) => log.Enqueue($"trying again in {wait.TotalSeconds:0.0} s. {error?.Message}"),
        });

        await client.RunAsync(async (connection, stop) =>
        {
            await foreach (string line in connection.Frames(Codecs.Lines()).ReadAllAsync(stop))
                log.Enqueue(line);
        }, stopToken);
        // end snippet
    }

    private static async Task ReverseAsync(DatagramSocket socket, CancellationToken stop)
    {
        // snippet: 04 batch
        DatagramBatch batch = new(datagramsMax: 64, lengthMax: 1500);
        while (!stop.IsCancellationRequested)
        {
            await socket.ReceiveAsync(batch, stop);
            foreach (BatchedDatagram datagram in batch)
                datagram.Bytes.Span.Reverse();      // in place; RemoteAddress is its sender, Truncated says that it was longer
            await socket.SendAsync(batch, stop);    // each to its address
        }
        // end snippet
    }

    private static async Task SendFrameAsync(DatagramSocket socket, EndPoint viewerEndPoint, ReadOnlyMemory<byte> frame, CancellationToken stop)
    {
        DatagramBatch batch = new();

        // snippet: 04 segments
        SocketAddress viewer = viewerEndPoint.Serialize();
        for (int sent = 0; sent < frame.Length;)
        {
            batch.Clear();
            sent += batch.AddSegments(frame.Span[sent..], length: 1200, viewer);
            await socket.SendAsync(batch, stop);
        }
        // end snippet
    }

    // snippet: 04 serve
    private static async Task ServeAsync(Listener listener, CancellationToken stopToken)
    {
        await Server.RunAsync(listener, async (connection, stop) =>
        {
            await foreach (string line in connection.Frames(Codecs.Lines()).ReadAllAsync(stop))
                await connection.WriteLineAsync(line.ToUpperInvariant(), stop);
        }, stopToken);
    }
    // end snippet

    // snippet: 04 goodbye
    private static async Task TalkAsync(Connection connection, CancellationToken stop)
    {
        await foreach (string line in connection.Frames(Codecs.Lines()).ReadAllAsync(stop))
            await connection.WriteLineAsync(line, CancellationToken.None);      // what is begun is finished
        if (stop.IsCancellationRequested)
            await connection.WriteLineAsync("The server is stopping. Goodbye.", CancellationToken.None);
    }
    // end snippet

    // snippet: 04 logging middleware
    private static Handler Logged(Handler next, TextWriter log) => async (connection, stop) =>
    {
        string peer = $"{connection.RemoteEndPoint}";
        try
        {
            await next(connection, stop);
        }
        finally
        {
            log.Write($"{peer}: {connection.BytesReceived} bytes in, {connection.BytesSent} out\n");
        }
    };
    // end snippet

    // snippet: 04 wrapping middleware
    private static Handler Numbered(Handler next)
    {
        long count = 0;
        return async (connection, stop) =>
        {
            await using NumberedConnection numbered = new(connection, Interlocked.Increment(ref count));
            await next(numbered, stop);
        };
    }

    private sealed class NumberedConnection(Connection inner, long number) : DelegatingConnection(inner)
    {
        public long Number => number;
    }
    // end snippet
}
