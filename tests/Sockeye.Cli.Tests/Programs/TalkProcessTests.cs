using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sockeye.Cli.Talking;
using Sockeye.Cli.Tests.Serving;

namespace Sockeye.Cli.Tests.Programs;

/// <summary><c>sockeye connect</c> and <c>sockeye listen</c> as processes: what they end with, and what they say.</summary>
public sealed class TalkProcessTests : IDisposable
{
    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public TalkProcessTests()
    {
        _server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _server.Listen();
    }

    private string Address => $"tcp://{_server.LocalEndPoint}";

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("<&-")]
    [InlineData("</dev/null")]
    public async Task Without_input_it_ends_its_side_and_shows_what_comes(string redirection)
    {
        using SockeyeProcess sockeye = SockeyeProcess.StartRedirected(redirection, "connect", Address);
        using Socket peer = await _server.AcceptAsync();

        Assert.Equal("", await peer.HearAllAsync());
        await peer.SayAsync("still here\n");
        peer.Shutdown(SocketShutdown.Both);

        Assert.Equal(ExitCodes.Done, await sockeye.EndAsync());
        Assert.Equal(["still here"], sockeye.Output.All);
        Assert.Empty(sockeye.Errors.All);
    }

    [Fact]
    public async Task Told_to_leave_the_input_alone_it_ends_when_the_peer_does()
    {
        using SockeyeProcess sockeye = SockeyeProcess.StartRedirected("</dev/null", "connect", Address, "--no-stdin");
        using Socket peer = await _server.AcceptAsync();
        await peer.SayAsync("hello\n");
        await sockeye.Output.FindAsync("hello");
        Assert.False(peer.Poll(0, SelectMode.SelectRead));

        peer.Shutdown(SocketShutdown.Send);

        Assert.Equal("", await peer.HearAllAsync());
        Assert.Equal(ExitCodes.Done, await sockeye.EndAsync());
    }

    [Fact]
    public async Task Whoever_reads_its_output_may_leave()
    {
        using SockeyeProcess sockeye = SockeyeProcess.StartRedirected("</dev/null | head -n 1", "connect", Address);
        using Socket peer = await _server.AcceptAsync();

        await peer.SayAsync("one\n");
        await sockeye.Output.FindAsync("one");
        await Assert.ThrowsAnyAsync<SocketException>(async () =>
        {
            while (true)
                await peer.SayAsync("more\n");
        });

        Assert.Equal(0, await sockeye.EndAsync());
        Assert.Equal(["one"], sockeye.Output.All);
        Assert.Empty(sockeye.Errors.All);
    }

    [Fact]
    public async Task An_output_that_is_full_ends_it()
    {
        using SockeyeProcess sockeye = SockeyeProcess.StartRedirected(">/dev/full", "connect", Address);
        using Socket peer = await _server.AcceptAsync();
        await peer.SayAsync("hello\n");

        Assert.Equal(ExitCodes.NetworkFailed, await sockeye.EndAsync());
        Assert.Equal(["sockeye: cannot write standard output: No space left on device"], sockeye.Errors.All);
    }

    [Fact]
    public async Task An_output_that_was_never_open_takes_everything()
    {
        using SockeyeProcess sockeye = SockeyeProcess.StartRedirected(">&- </dev/null", "connect", Address);
        using Socket peer = await _server.AcceptAsync();
        await peer.SayAsync("hello\n");
        peer.Shutdown(SocketShutdown.Send);

        Assert.Equal(ExitCodes.Done, await sockeye.EndAsync());
        Assert.Empty(sockeye.Errors.All);
    }

    [Fact]
    public async Task A_reset_is_told_by_the_exit_code()
    {
        using SockeyeProcess sockeye = SockeyeProcess.Start("connect", Address);
        Socket peer = await _server.AcceptAsync();
        await peer.SayAsync("half\n");
        await sockeye.Output.FindAsync("half");
        peer.LingerState = new LingerOption(enable: true, 0);
        peer.Dispose();

        Assert.Equal(ExitCodes.Reset, await sockeye.EndAsync());
        Assert.Contains("reset", Assert.Single(sockeye.Errors.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_ends_it_when_it_may_not_last()
    {
        using SockeyeProcess sockeye = SockeyeProcess.Start("connect", Address, "--idle", "100ms");

        Assert.Equal(ExitCodes.TimedOut, await sockeye.EndAsync());
        Assert.Equal(["sockeye: nothing came or went for 100ms (--idle)"], sockeye.Errors.All);
    }

    [Fact]
    public async Task Nobody_comes()
    {
        using SockeyeProcess sockeye = SockeyeProcess.Start("listen", "tcp://127.0.0.1:0", "--timeout", "100ms", "--quiet");

        Assert.Equal(ExitCodes.TimedOut, await sockeye.EndAsync());
        Assert.Contains("nobody has connected", Assert.Single(sockeye.Errors.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_that_does_not_end_is_left_after_the_linger_time_and_nothing_was_cut()
    {
        using SockeyeProcess sockeye = SockeyeProcess.StartRedirected("</dev/null", "connect", Address, "--linger", "300ms");
        using Socket peer = await _server.AcceptAsync();

        Assert.Equal(ExitCodes.Done, await sockeye.EndAsync());
        Assert.Contains("nothing was on its way", Assert.Single(sockeye.Errors.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_linger_time_cuts_is_told()
    {
        using SockeyeProcess sockeye = SockeyeProcess.StartRedirected("</dev/zero", "connect", Address, "--linger", "300ms");
        using Socket peer = await _server.AcceptAsync();
        peer.Shutdown(SocketShutdown.Send); // and it takes nothing

        Assert.Equal(ExitCodes.TimedOut, await sockeye.EndAsync());
        Assert.Contains("data was cut", Assert.Single(sockeye.Errors.All), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("connect", ExitCodes.Interrupted)]
    [InlineData("listen", ExitCodes.Done)]
    public async Task Ctrl_C_ends_it_at_once_while_it_waits_for_input(string verb, int exitCode)
    {
        bool isClient = verb == "connect";
        using SockeyeProcess sockeye = SockeyeProcess.Start(verb, isClient ? Address : "tcp://127.0.0.1:0");
        using Socket peer = isClient ? await _server.AcceptAsync() : await ConnectAsync(await sockeye.ListensAsync());
        await peer.SayAsync("hello\n");
        await sockeye.Output.FindAsync("hello");

        sockeye.Signal(SockeyeProcess.Interrupt);

        Assert.Equal(exitCode, await sockeye.EndAsync());
    }

    [Fact]
    public async Task A_listener_takes_one_and_refuses_the_next()
    {
        using SockeyeProcess sockeye = SockeyeProcess.Start("listen", "tcp://127.0.0.1:0");
        Address address = await sockeye.ListensAsync();
        using Socket first = await ConnectAsync(address);
        await first.SayAsync("hello\n");
        await sockeye.Output.FindAsync("hello");

        SocketException refused = await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(address));

        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }

    [Fact]
    public async Task Kept_open_it_serves_one_after_the_other()
    {
        using SockeyeProcess sockeye = SockeyeProcess.Start("listen", "tcp://127.0.0.1:0", "--keep-open");
        Address address = await sockeye.ListensAsync();
        foreach (string name in new[] { "one", "two", "three" })
        {
            using Socket client = await ConnectAsync(address);
            await client.SayAsync($"{name}\n");
            await sockeye.Output.FindAsync(name);
            client.Shutdown(SocketShutdown.Send);
            Assert.Equal("", await client.HearAllAsync());
        }

        sockeye.Signal(SockeyeProcess.Terminate);

        Assert.Equal(ExitCodes.Done, await sockeye.EndAsync());
        Assert.Equal(["one", "two", "three"], sockeye.Output.All);
    }

    [Fact]
    public async Task Each_client_has_a_command_of_its_own_and_its_exit_code_is_told()
    {
        using SockeyeProcess sockeye = SockeyeProcess.Start("listen", "tcp://127.0.0.1:0", "--keep-open", "--exec", "tr a-z A-Z; exit 3");
        Address address = await sockeye.ListensAsync();
        using Socket one = await ConnectAsync(address);
        using Socket two = await ConnectAsync(address);
        await two.SayAsync("two");
        two.Shutdown(SocketShutdown.Send);
        Assert.Equal("TWO", await two.HearAllAsync());
        await one.SayAsync("one");
        one.Shutdown(SocketShutdown.Send);
        Assert.Equal("ONE", await one.HearAllAsync());
        await sockeye.Errors.FindAsync("#1 ", "the command ended with 3");
        await sockeye.Errors.FindAsync("#2 ", "the command ended with 3");
    }

    [Fact]
    public async Task Trouble_with_one_client_is_told_with_its_name_and_the_next_is_served()
    {
        using SockeyeProcess sockeye = SockeyeProcess.Start("listen", "tcp://127.0.0.1:0", "--keep-open", "--exec", "cat");
        Address address = await sockeye.ListensAsync();
        Socket hasty = await ConnectAsync(address);
        EndPoint name = hasty.LocalEndPoint!;
        await hasty.SayAsync("x");
        await hasty.HearAsync();
        hasty.LingerState = new LingerOption(true, 0);
        hasty.Dispose();
        await sockeye.Errors.FindAsync($"#1 tcp://{name}: cannot receive");

        using Socket next = await ConnectAsync(address);
        await next.SayAsync("next");
        next.Shutdown(SocketShutdown.Send);
        Assert.Equal("next", await next.HearAllAsync());
    }

    [Fact]
    public async Task Out_of_descriptors_it_says_so_and_goes_on_when_there_are_some_again()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The limit is set by a shell.");
        using SockeyeProcess sockeye = SockeyeProcess.StartInShell(
            "ulimit -n 130; exec \"$0\" \"$@\"", "listen", "tcp://127.0.0.1:0", "--keep-open", "--exec", "cat");
        Address address = await sockeye.ListensAsync();
        List<Socket> clients = [];
        try
        {
            // Each has a socket and two pipes, so there are never enough for all of them.
            for (int i = 0; i < TalkSettings.ConnectionLimitDefault; i++)
                clients.Add(await ConnectAsync(address));
            await sockeye.Errors.FindAsync("#", "tcp://", "cannot start the command: Too many open files");
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }

        Assert.Equal("again", await SayUntilServedAsync(address, "again"));
        sockeye.Signal(SockeyeProcess.Terminate);
        Assert.Equal(ExitCodes.Done, await sockeye.EndAsync());
    }

    /// <summary>Those who come while there are no descriptors yet are turned away.</summary>
    private static async Task<string> SayUntilServedAsync(Address address, string text)
    {
        while (true)
        {
            using Socket client = await ConnectAsync(address);
            try
            {
                await client.SayAsync(text);
                client.Shutdown(SocketShutdown.Send);
                if (await client.HearAllAsync() is { Length: > 0 } heard)
                    return heard;
            }
            catch (SocketException)
            {
                // Not yet.
            }
        }
    }

    [Fact]
    public async Task A_command_that_has_heard_enough_still_answers()
    {
        using SockeyeProcess sockeye = SockeyeProcess.Start("listen", "tcp://127.0.0.1:0", "--exec", "head -c 3; exec <&-; echo enough");
        using Socket client = await ConnectAsync(await sockeye.ListensAsync());
        await client.SayAsync("abcdef");

        Assert.Equal("abcenough\n", await client.HearAllAsync());
        Assert.Equal(ExitCodes.Done, await sockeye.EndAsync());
    }

    [Fact]
    public async Task Json_has_what_came_whole()
    {
        using SockeyeProcess sockeye = SockeyeProcess.StartRedirected("</dev/null", "connect", Address, "--json");
        using Socket peer = await _server.AcceptAsync();
        byte[] bytes = RandomNumberGenerator.GetBytes(200_000);
        await peer.SendAsync(bytes);
        await peer.SayAsync("é");
        peer.Shutdown(SocketShutdown.Send);

        Assert.Equal(ExitCodes.Done, await sockeye.EndAsync());
        JsonElement[] events = [.. sockeye.Output.All.Select(line => JsonDocument.Parse(line).RootElement)];
        IEnumerable<byte> came = events.Where(each => each.GetProperty("event").GetString() == "received")
            .SelectMany(each => each.TryGetProperty("text", out JsonElement text) ? Encoding.UTF8.GetBytes(text.GetString()!) : each.GetProperty("base64").GetBytesFromBase64());
        Assert.Equal([.. bytes, .. "é"u8], came);
        Assert.Equal("connected", events[0].GetProperty("event").GetString());
        Assert.Equal(("left", "ended", 200_002), (
            events[^1].GetProperty("event").GetString(), events[^1].GetProperty("reason").GetString(), events[^1].GetProperty("bytes").GetInt32()));
        Assert.Empty(sockeye.Errors.All);
    }

    private static async Task<Socket> ConnectAsync(Address address)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address.EndPoint);
        return socket;
    }
}
