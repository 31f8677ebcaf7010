using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sockeye.Cli.Commands;
using Sockeye.Cli.Tests.Programs;
using Sockeye.Cli.Tests.Serving;

namespace Sockeye.Cli.Tests.Tapping;

/// <summary><c>sockeye tap</c> as it is called, with sockets of .NET's own on both sides.</summary>
public sealed class TapCommandTests : IDisposable
{
    private readonly Socket _target = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public TapCommandTests()
    {
        _target.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _target.Listen();
    }

    public void Dispose() => _target.Dispose();

    [Fact]
    public async Task Standard_output_has_the_conversation_and_standard_error_the_rest()
    {
        await using RunningCommand tap = RunningCommand.Start("tap", "tcp://127.0.0.1:0", $"tcp://{_target.LocalEndPoint}", "--frames", "lines");
        await TalkAsync(await tap.AddressAsync());
        await tap.Output.FindAsync("closed after");
        Assert.Equal(0, await tap.StopAsync());

        string output = string.Join('\n', tap.Output.All);
        Assert.Matches(@"(?m)^ +\d+\.\d{6} #1 -> 6 bytes ""hello\\n""$", output);
        Assert.Matches(@"(?m)^ +\d+\.\d{6} #1 -> frame of 6 bytes$", output);
        Assert.Matches(@"(?m)^ +\d+\.\d{6} #1 <- 4 bytes ""you\\n""$", output);
        Assert.Contains("#1 -> half-closed", output, StringComparison.Ordinal);
        Assert.Contains("6 bytes to the server, 4 back; client: RTT ", output, StringComparison.Ordinal);
        Assert.Contains("left (ended)", string.Join('\n', tap.Error.All), StringComparison.Ordinal);
        Assert.DoesNotContain("left (ended)", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lines")]
    [InlineData("sequence")]
    public async Task An_output_that_takes_nothing_is_told_of_and_stops_nothing(string view)
    {
        using SockeyeProcess tap = SockeyeProcess.StartRedirected(">/dev/full", "tap", "tcp://127.0.0.1:0", $"tcp://{_target.LocalEndPoint}", "--view", view);
        Address address = await tap.ListensAsync();
        await TalkAsync(address);
        await tap.Errors.FindAsync("cannot write standard output: ", "passed on all the same");
        await TalkAsync(address);
        await tap.Errors.FindAsync("#2 ", "left (ended)");
        tap.Signal(SockeyeProcess.Interrupt);
        Assert.Equal(ExitCodes.Done, await tap.EndAsync());
        Assert.Single(tap.Errors.All, line => line.Contains("cannot write", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_kernel_says_of_a_server_that_refused_is_not_shown()
    {
        // Bound, so that nobody else gets the port, and not listening.
        using Socket deaf = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using RunningCommand tap = RunningCommand.Start("tap", "tcp://127.0.0.1:0", $"tcp://{deaf.LocalEndPoint}");
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync((await tap.AddressAsync()).EndPoint);
        string closed = await tap.Output.FindAsync("closed after");
        Assert.Contains("; client: RTT ", closed, StringComparison.Ordinal);
        Assert.DoesNotContain("; server: ", closed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_a_sequence()
    {
        await using RunningCommand tap = RunningCommand.Start("tap", "tcp://127.0.0.1:0", $"tcp://{_target.LocalEndPoint}", "--view", "sequence");
        await TalkAsync(await tap.AddressAsync());
        await tap.Output.FindAsync("6 to the server");
        Assert.Equal(0, await tap.StopAsync());
        Assert.Contains("│── 6 bytes \"hello\\n\" ──", string.Join('\n', tap.Output.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_JSON()
    {
        await using RunningCommand tap = RunningCommand.Start("tap", "tcp://127.0.0.1:0", $"tcp://{_target.LocalEndPoint}", "--json", "--fault", "up: slice=4");
        await TalkAsync(await tap.AddressAsync());
        await tap.Output.FindAsync("\"finished\"");
        Assert.Equal(0, await tap.StopAsync());

        JsonElement[] objects = [.. tap.Output.All.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(["hello\n"], objects.Where(item => item.TryGetProperty("text", out _) && item.GetProperty("from").GetString() == "client").Select(item => item.GetProperty("text").GetString()));
        Assert.Equal([4, 2], objects.Where(item => item.GetProperty("event").GetString() == "data" && item.GetProperty("at").GetString() == "sink" && item.GetProperty("from").GetString() == "client")
            .Select(item => item.GetProperty("bytes").GetInt32()));
        Assert.Equal(6, objects[^1].GetProperty("bytesFromClient").GetInt32());
    }

    /// <summary>Its port is any free one, and elsewhere it has a token: who is not told cannot come.</summary>
    [Theory]
    [InlineData("tap tcp://127.0.0.1:0 TARGET --view none --web")]
    [InlineData("relay tcp://127.0.0.1:0 TARGET --web-address http://0.0.0.0:0")]
    [InlineData("serve echo tcp://127.0.0.1:0 --web")]
    public async Task The_link_of_the_page_is_told_even_when_quiet(string line)
    {
        await using RunningCommand command = RunningCommand.Start([.. line.Replace("TARGET", $"tcp://{_target.LocalEndPoint}", StringComparison.Ordinal).Split(' '), "--quiet"]);
        await command.Error.FindAsync("open http://");
        Assert.Equal(0, await command.StopAsync());
        Assert.Single(command.Error.All);
    }

    [Theory]
    [InlineData("tap tcp://127.0.0.1:0 TARGET --view none")]
    [InlineData("relay tcp://127.0.0.1:0 TARGET")]
    [InlineData("serve echo tcp://127.0.0.1:0")]
    public async Task The_page_shows_what_passes(string line)
    {
        Task<Socket> accepting = _target.AcceptAsync();
        await using RunningCommand command = RunningCommand.Start($"{line} --web".Replace("TARGET", $"tcp://{_target.LocalEndPoint}", StringComparison.Ordinal).Split(' '));
        string page = Regex.Match(await command.Error.FindAsync("open http://"), @"http://\S+").Value;
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync((await command.AddressAsync()).EndPoint);
        await client.SayAsync("hello");
        if (line.Contains("TARGET", StringComparison.Ordinal))
        {
            using Socket server = await accepting.WaitAsync(Lines.Patience);
            Assert.Equal("hello", await server.HearAsync("hello"));
            await server.SayAsync("hello");
        }

        Assert.Equal("hello", await client.HearAsync("hello"));
        using HttpClient browser = new() { BaseAddress = new Uri(page) };
        Assert.Contains("<title>", await browser.GetStringAsync("/"), StringComparison.Ordinal);
        using CancellationTokenSource patience = new(Lines.Patience);
        while (!(await browser.GetStringAsync("/api/conversations", patience.Token)).Contains($"{client.LocalEndPoint}", StringComparison.Ordinal))
            await Task.Yield();
        Assert.Equal(0, await command.StopAsync());
    }

    /// <summary>Connections that were refused are in the view too: who counts only those that were served is behind.</summary>
    [Fact]
    public async Task Standard_error_has_the_numbers_of_the_view()
    {
        await using RunningCommand tap = RunningCommand.Start("tap", "tcp://127.0.0.1:0", $"tcp://{_target.LocalEndPoint}", "--limit", "1");
        Address door = await tap.AddressAsync();
        using (Socket first = await ConnectAsync(door))
        {
            using Socket server = await _target.AcceptAsync().WaitAsync(Lines.Patience);
            await AskInVainAsync(door);
            await tap.Error.FindAsync(" refused by ");
            first.Shutdown(SocketShutdown.Send);
            Assert.Equal("", await server.HearAllAsync());
        }

        await tap.Error.FindAsync("#1 ", "left (ended)");
        await TalkAsync(door);
        await tap.Output.FindAsync("#3 -- closed after");
        await tap.Error.FindAsync("#3 ", "left (ended)");
        Assert.DoesNotContain(tap.Error.All, line => line.StartsWith("#2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task On_a_terminal_each_end_is_told_once()
    {
        await using RunningCommand tap = RunningCommand.Start(OnTerminal, "tap", "tcp://127.0.0.1:0", $"tcp://{_target.LocalEndPoint}");
        await TalkAsync(await tap.AddressAsync());
        await tap.Output.FindAsync("#1", "closed after");
        Assert.Equal(0, await tap.StopAsync());
        Assert.DoesNotContain(tap.Error.All, line => line.Contains("left", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--view none", "left (refused)")]
    [InlineData("", "left (refused)")]
    [InlineData("--view sequence", "left (refused)")]
    public async Task On_a_terminal_what_the_view_does_not_say_is_told_all_the_same(string view, string expected)
    {
        using Socket deaf = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using RunningCommand tap = RunningCommand.Start(OnTerminal, ["tap", "tcp://127.0.0.1:0", $"tcp://{deaf.LocalEndPoint}", .. view.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync((await tap.AddressAsync()).EndPoint);
        await tap.Error.FindAsync("#1 ", expected, "the client was reset, so that it learns");
    }

    /// <summary>The string that the project's own description of faults has, as it stands there.</summary>
    [Fact]
    public async Task All_faults_together_are_one_plan()
    {
        const string All = "delay=50ms±10ms, rate=1mbit, slice=1, merge=20ms, cut-after=4096, half-open, reset, drop=1%, refuse=3";
        await using RunningCommand tap = RunningCommand.Start("tap", "tcp://127.0.0.1:0", $"tcp://{_target.LocalEndPoint}", "--fault", All, "--fault-seed", "1");
        Address door = await tap.AddressAsync();
        for (int i = 1; i <= 3; i++)
        {
            Assert.Equal(SocketError.ConnectionReset, await AskInVainAsync(door));
            await tap.Output.FindAsync($"#{i} -- refused by a fault");
            await tap.Output.FindAsync($"#{i} <- reset, towards the client");
            Assert.DoesNotContain("server: RTT", await tap.Output.FindAsync($"#{i} -- closed after"), StringComparison.Ordinal);
        }

        using Socket client = await ConnectAsync(door);
        using Socket server = await _target.AcceptAsync().WaitAsync(Lines.Patience);
        Task<int> heard = CountUntilResetAsync(server);
        await client.SendAsync(new byte[5000]);

        // The receiving end is reset, behind the bytes of the cut; the sending end is not told, and sends on.
        Assert.InRange(await heard.WaitAsync(Lines.Patience), 1, 4096);
        await tap.Output.FindAsync("#4 -> cut by a fault after 4,096 bytes");
        await tap.Output.FindAsync("#4 -- half-open by a fault");
        await tap.Output.FindAsync("#4 -> reset by a fault, the server alone");
        await client.SayAsync("anybody there?");
        Assert.False(client.Poll(0, SelectMode.SelectRead));
        client.Shutdown(SocketShutdown.Send);
        await tap.Output.FindAsync("#4 -- closed after");
        Assert.Equal(0, await tap.StopAsync());
        await tap.Error.FindAsync("faults: 3 refused, 1 reset, 1 cut, 1 half-open");
        Assert.DoesNotContain(tap.Output.All, line => line.Contains("by the server", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_page_has_an_event_for_a_fault()
    {
        await using RunningCommand tap = RunningCommand.Start("tap", "tcp://127.0.0.1:0", $"tcp://{_target.LocalEndPoint}", "--view", "none", "--web", "--fault", "refuse=1");
        string page = Regex.Match(await tap.Error.FindAsync("open http://"), @"http://\S+").Value;
        Assert.Equal(SocketError.ConnectionReset, await AskInVainAsync(await tap.AddressAsync()));
        using HttpClient browser = new() { BaseAddress = new Uri(page) };
        using CancellationTokenSource patience = new(Lines.Patience);
        string events;
        do
            events = await EventsAsync(browser, patience.Token);
        while (!events.Contains("\"finished\"", StringComparison.Ordinal));
        JsonElement[] all = [.. JsonDocument.Parse(events).RootElement.GetProperty("events").EnumerateArray()];
        Assert.Equal(["opened", "faulted", "reset", "finished"], all.Select(item => item.GetProperty("kind").GetString()));
        Assert.Equal("refused by a fault", all[1].GetProperty("text").GetString());

        // By the relay: towards the client, and not seen where a server's would come in.
        Assert.False(all[2].GetProperty("fromClient").GetBoolean() || all[2].GetProperty("atSource").GetBoolean());
    }

    [Fact]
    public async Task Datagrams_are_seen_on_both_sides()
    {
        using Socket target = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        target.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using RunningCommand tap = RunningCommand.Start("tap", "udp://127.0.0.1:0", $"udp://{target.LocalEndPoint}");
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await client.ConnectAsync((await tap.AddressAsync()).EndPoint);
        await client.SendAsync("ask"u8.ToArray());
        SocketReceiveFromResult asked = await target.ReceiveFromAsync(new byte[10], new IPEndPoint(IPAddress.Any, 0)).WaitAsync(Lines.Patience);
        await target.SendToAsync("answer"u8.ToArray(), asked.RemoteEndPoint);
        Assert.Equal(6, await client.ReceiveAsync(new byte[10]).WaitAsync(Lines.Patience));

        await tap.Output.FindAsync("#1 <- 6 bytes \"answer\"");
        Assert.Equal(0, await tap.StopAsync());
        string[] output = tap.Output.All;
        Address door = await tap.AddressAsync();
        Assert.Contains(output, line => line.EndsWith($"#1 -- udp://{client.LocalEndPoint} sends datagrams to {door}", StringComparison.Ordinal));
        Assert.Single(output, line => line.EndsWith("#1 -> 3 bytes \"ask\"", StringComparison.Ordinal));
        Assert.DoesNotContain(output, line => line.Contains("#2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("tap tcp://127.0.0.1:0 tcp://127.0.0.1:9 --view tree", "--view cannot be \"tree\": it is lines, sequence or none")]
    [InlineData("tap tcp://127.0.0.1:0 tcp://127.0.0.1:9 --view sequence --json", "exclude each other")]
    [InlineData("tap tcp://127.0.0.1:0 tcp://127.0.0.1:9 --view sequence --hex", "--hex does not go with")]
    [InlineData("tap tcp://127.0.0.1:0 tcp://127.0.0.1:9 --frames line", "did you mean \"lines\"?")]
    [InlineData("tap tcp://127.0.0.1:0", "tap needs where to listen and where to relay to; try sockeye tap ")]
    public async Task Wrong_usage_is_explained(string line, string message)
    {
        Lines errors = new();
        Assert.Equal(2, await CommandLine.RunAsync(line.Split(' '), new CliEnvironment { Output = TextWriter.Null, Error = errors }));
        Assert.Contains(message, Assert.Single(errors.All), StringComparison.Ordinal);
    }

    private static CliEnvironment OnTerminal(CliEnvironment environment) => environment with { IsOutputTerminal = true, IsErrorTerminal = true };

    /// <summary>What it has said of its first conversation; nothing while there is none.</summary>
    private static async Task<string> EventsAsync(HttpClient browser, CancellationToken stop)
    {
        using HttpResponseMessage answer = await browser.GetAsync("/api/conversations/1/events", stop);
        return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync(stop) : "";
    }

    /// <summary>A client that is closed at once, perhaps before it knows that it was connected; how it learns.</summary>
    private static async Task<SocketError> AskInVainAsync(Address address)
    {
        try
        {
            using Socket refused = await ConnectAsync(address);
            Assert.Equal(0, await refused.ReceiveAsync(new byte[1]).WaitAsync(Lines.Patience));
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }

    private static async Task<Socket> ConnectAsync(Address address)
    {
        Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(address.EndPoint);
        return client;
    }

    private static async Task<int> CountUntilResetAsync(Socket socket)
    {
        byte[] buffer = new byte[1000];
        int count = 0;
        SocketException reset = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            while (true)
            {
                int read = await socket.ReceiveAsync(buffer);
                Assert.NotEqual(0, read);
                count += read;
            }
        });
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        return count;
    }

    private async Task TalkAsync(Address address)
    {
        using Socket client = await ConnectAsync(address);
        using Socket server = await _target.AcceptAsync().WaitAsync(Lines.Patience);
        await client.SayAsync("hello\n");
        Assert.Equal("hello\n", await server.HearAsync("hello\n"));
        await server.SayAsync("you\n");
        Assert.Equal("you\n", await client.HearAsync("you\n"));
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("", await server.HearAllAsync());
    }
}
