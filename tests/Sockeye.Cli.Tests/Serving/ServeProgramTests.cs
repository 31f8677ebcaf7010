using System.Net.Sockets;
using Sockeye.Cli.Services;
using Sockeye.Cli.Serving;

namespace Sockeye.Cli.Tests.Serving;

/// <summary>What is told of connections, and how they end.</summary>
public class ServeProgramTests
{
    private const string Tcp = "tcp://127.0.0.1:0";

    [Fact]
    public async Task Who_came_what_came_and_who_left_is_told()
    {
        await using RunningServe serve = await RunningServe.StartAsync(new EchoService(), Tcp);
        using (Socket client = await serve.ConnectAsync())
        {
            await client.SayAsync("hello\n\u001b[31m");
            await client.HearAsync("hello\n\u001b[31m");
            client.Shutdown(SocketShutdown.Send);
            await client.HearAllAsync();
        }

        await serve.Lines.FindAsync("left");
        Assert.Collection(
            serve.Lines.All,
            line => Assert.Equal($"listening on {serve.Addresses[0]}", line),
            line => Assert.Matches($@"^#1 tcp://127.0.0.1:\d+ connected to {serve.Addresses[0]}$", line),
            line => Assert.Matches(@"^#1 tcp://127.0.0.1:\d+ sent 11 bytes: hello\\n\\x1b\[31m$", line),
            line => Assert.Matches(@"^#1 tcp://127.0.0.1:\d+ left \(ended\): 11 bytes received, 11 sent$", line));
    }

    [Fact]
    public async Task A_reset_is_told_apart()
    {
        await using RunningServe serve = await RunningServe.StartAsync(new EchoService(), Tcp);
        Socket client = await serve.ConnectAsync();
        await serve.Lines.FindAsync("#1", "connected");

        client.LingerState = new LingerOption(true, 0);
        client.Dispose();

        await serve.Lines.FindAsync("left (reset)");
    }

    [Fact]
    public async Task An_idle_one_is_told()
    {
        await using RunningServe serve = await RunningServe.StartAsync(new EchoService(), Tcp, new ServeSettings { IdleTimeout = TimeSpan.FromMilliseconds(100) });
        using Socket client = await serve.ConnectAsync();

        await serve.Lines.FindAsync("left (idle)");
    }

    [Fact]
    public async Task Over_the_limit_one_is_refused_and_the_option_is_named()
    {
        await using RunningServe serve = await RunningServe.StartAsync(new EchoService(), Tcp, new ServeSettings { ConnectionLimit = 1 });
        using Socket first = await serve.ConnectAsync();
        await serve.Lines.FindAsync("#1", "connected");
        using Socket second = await serve.ConnectAsync();

        await serve.Lines.FindAsync("refused", "--limit ");
    }

    [Fact]
    public async Task Over_the_limit_of_its_address_one_is_refused()
    {
        await using RunningServe serve = await RunningServe.StartAsync(new EchoService(), Tcp, new ServeSettings { ConnectionLimitPerAddress = 1 });
        using Socket first = await serve.ConnectAsync();
        await serve.Lines.FindAsync("#1", "connected");
        using Socket second = await serve.ConnectAsync();

        await serve.Lines.FindAsync("refused", "--limit-per-address ");
    }

    [Fact]
    public async Task Stopping_ends_open_connections_in_order()
    {
        RunningServe serve = await RunningServe.StartAsync(new EchoService(), Tcp);
        using Socket client = await serve.ConnectAsync();
        await client.SayAsync("x");
        await client.HearAsync("x");

        Task stopping = serve.StopAsync();
        Assert.Equal("", await client.HearAllAsync());
        client.Dispose();
        await stopping;

        await serve.Lines.FindAsync("stopping, with 1 connection open");
        await serve.Lines.FindAsync("left (drained)");
        Assert.Equal("stopped", serve.Lines.All[^1]);
        await serve.DisposeAsync();
    }

    [Fact]
    public async Task Localhost_is_two_end_points_with_one_port()
    {
        await using RunningServe serve = await RunningServe.StartAsync(new EchoService(), "tcp://localhost:0 udp://localhost:0");

        Assert.All(serve.Addresses, address => Assert.NotEqual(0, address.Port));
        Assert.Single(serve.Addresses.Where(address => address.Scheme == "tcp").Select(address => address.Port).Distinct());
    }

    [Fact]
    public async Task When_one_address_fails_none_stays_open()
    {
        using Socket taken = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        taken.Listen();
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

        SocketException error = await Assert.ThrowsAsync<SocketException>(
            () => EndPointSet.OpenAsync(Network.Host, [$"unix://{path}", $"unix-dgram://{path}.d", $"tcp://{taken.LocalEndPoint}"], new ListenerOptions(), default));

        Assert.Equal(SocketError.AddressAlreadyInUse, error.SocketErrorCode);
        Assert.False(File.Exists(path));
        Assert.False(File.Exists(path + ".d"));
    }
}
