using System.Collections.Concurrent;
using System.Net;
using System.Text;
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
