using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Sockeye.Cli.Tests.Serving;

namespace Sockeye.Cli.Tests.Programs;

/// <summary>The built program: what it says, what it ends with, and how it is stopped.</summary>
public class ServeProcessTests
{
    [Theory]
    [InlineData(SockeyeProcess.Interrupt)]
    [InlineData(SockeyeProcess.Terminate)]
    [InlineData(SockeyeProcess.HangUp)]
    public async Task Asked_to_stop_it_drains_and_ends_with_0(string signal)
    {
        using SockeyeProcess sockeye = SockeyeProcess.Start("serve", "echo", "tcp://127.0.0.1:0");
        using Socket client = await ConnectAsync(await sockeye.ListensAsync());
        await client.SayAsync("hello");
        Assert.Equal("hello", await client.HearAsync("hello"));

        // The client neither speaks nor leaves. That it ends in the 3 s it promises is measured by bench/stop (docs/benchmarks.md), not here.
        sockeye.Signal(signal);

        Assert.Equal(ExitCodes.Done, await sockeye.EndAsync());
        Assert.Equal("", await client.HearAllAsync());
        Assert.Contains(sockeye.Errors.All, line => line.Contains("left (drained)", StringComparison.Ordinal));
        Assert.Equal("stopped", sockeye.Errors.All[^1]);
        Assert.Empty(sockeye.Output.All);
    }

    [Fact]
    public async Task A_second_signal_ends_it_at_once()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using SockeyeProcess sockeye = SockeyeProcess.Start(
            "serve", "echo", "tcp://127.0.0.1:0", $"unix://{path}", $"unix-dgram://{path}.d", $"unix-seqpacket://{path}.q", "--drain", "1h");
        using Socket client = await ConnectUnixAsync(sockeye);
        await FloodAsync(sockeye, client);

        sockeye.Signal(SockeyeProcess.Interrupt);
        await sockeye.Errors.FindAsync("stopping, with 1 connection open");
        Task<int> end = sockeye.EndAsync();
        while (!end.IsCompleted)
            sockeye.Signal(SockeyeProcess.Interrupt); // the first of these may come too soon to be a second wish

        Assert.Equal(ExitCodes.Interrupted, await end);
        Assert.False(File.Exists(path) || File.Exists(path + ".d") || File.Exists(path + ".q"));
    }

    [Fact]
    public async Task A_connection_that_does_not_finish_is_aborted_after_the_time_to_drain()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using SockeyeProcess sockeye = SockeyeProcess.Start("serve", "echo", $"unix://{path}", "--drain", "100ms");
        using Socket client = await ConnectUnixAsync(sockeye);
        await FloodAsync(sockeye, client);

        sockeye.Signal(SockeyeProcess.Terminate);

        Assert.Equal(ExitCodes.Done, await sockeye.EndAsync());
        Assert.Contains(sockeye.Errors.All, line => line.Contains("left (aborted)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_Unix_files_are_gone_when_it_is()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using SockeyeProcess sockeye = SockeyeProcess.Start("serve", "upper", $"unix://{path}", $"unix-dgram://{path}.d", $"unix-seqpacket://{path}.q");
        await sockeye.ListensAsync("unix-seqpacket");
        Assert.True(File.Exists(path));

        sockeye.Signal(SockeyeProcess.Interrupt);

        Assert.Equal(ExitCodes.Done, await sockeye.EndAsync());
        Assert.False(File.Exists(path) || File.Exists(path + ".d") || File.Exists(path + ".q"));
    }

    [Fact]
    public async Task What_strangers_send_is_escaped_and_cut_to_80_columns()
    {
        using SockeyeProcess sockeye = SockeyeProcess.Start(
            new Dictionary<string, string> { ["LANG"] = "C", ["LC_ALL"] = "C" }, "serve", "discard", "tcp://127.0.0.1:0");
        using Socket client = await ConnectAsync(await sockeye.ListensAsync());

        await client.SayAsync("\u001b]0;title\u0007 žluťoučký 日本\r\n");
        string line = await sockeye.Errors.FindAsync(" sent ");
        await client.SayAsync(new string('x', 500));
        string cut = await sockeye.Errors.FindAsync("sent 500 bytes");

        Assert.EndsWith(@": \x1b]0;title\x07 žluťoučký 日本\r\n", line, StringComparison.Ordinal);
        Assert.Equal(80, cut.Length);
        Assert.EndsWith("x…", cut, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quiet_is_silent()
    {
        int port = FreePort();
        using SockeyeProcess sockeye = SockeyeProcess.Start("serve", "echo", $"tcp://127.0.0.1:{port}", "--quiet");
        using Socket client = await ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        await client.SayAsync("hello");
        Assert.Equal("hello", await client.HearAsync("hello"));
        client.Dispose();

        sockeye.Signal(SockeyeProcess.Interrupt);

        Assert.Equal(ExitCodes.Done, await sockeye.EndAsync());
        Assert.Empty(sockeye.Errors.All);
        Assert.Empty(sockeye.Output.All);
    }

    [Fact]
    public async Task Json_is_one_object_a_line_on_standard_output()
    {
        using SockeyeProcess sockeye = SockeyeProcess.Start("serve", "echo", "tcp://127.0.0.1:0", "udp://127.0.0.1:0", "--json");
        JsonElement listening = Parse(await sockeye.Output.FindAsync("listening", "tcp://"));
        using (Socket client = await ConnectAsync(Address.Parse(listening.GetProperty("address").GetString()!)))
        {
            await client.SayAsync("hello\n");
            await client.HearAsync("hello\n");
        }

        await sockeye.Output.FindAsync("\"left\"");
        sockeye.Signal(SockeyeProcess.Interrupt);

        Assert.Equal(ExitCodes.Done, await sockeye.EndAsync());
        Assert.Empty(sockeye.Errors.All);
        JsonElement[] events = [.. sockeye.Output.All.Select(Parse)];
        Assert.Equal(
            ["listening", "listening", "connected", "received", "left", "stopping", "stopped"],
            events.Select(each => each.GetProperty("event").GetString()));
        Assert.All(events, each => Assert.Equal(1, each.GetProperty("schema").GetInt32()));
        Assert.All(events, each => Assert.True(each.GetProperty("time").TryGetDateTimeOffset(out _)));
        Assert.Equal("hello\n", events[3].GetProperty("text").GetString());
        Assert.Equal(6, events[3].GetProperty("bytes").GetInt32());
    }

    [Fact]
    public async Task A_port_in_use_names_its_owner_and_nothing_stays_open()
    {
        using Socket taken = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

        using SockeyeProcess sockeye = SockeyeProcess.Start("serve", "echo", $"unix://{path}", $"tcp://{taken.LocalEndPoint}");

        Assert.Equal(ExitCodes.NetworkFailed, await sockeye.EndAsync());
        string line = Assert.Single(sockeye.Errors.All);
        Assert.StartsWith($"sockeye: cannot listen on tcp://{taken.LocalEndPoint}: the address is in use; ", line, StringComparison.Ordinal);
        Assert.Contains($"(process {Environment.ProcessId})", line, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Wrong_usage_ends_with_2_and_one_line()
    {
        using SockeyeProcess sockeye = SockeyeProcess.Start("serve", "uper", "tcp://127.0.0.1:0");

        Assert.Equal(ExitCodes.WrongUsage, await sockeye.EndAsync());
        Assert.Equal(["sockeye: there is no service \"uper\"; did you mean \"upper\"?"], sockeye.Errors.All);
        Assert.Empty(sockeye.Output.All);
    }

    [Theory]
    [InlineData("0", false)]
    [InlineData("1", true)]
    public async Task A_stack_trace_is_shown_only_when_asked_for(string debug, bool shown)
    {
        using SockeyeProcess sockeye = SockeyeProcess.Start(
            new Dictionary<string, string> { [CliEnvironment.DebugVariable] = debug }, "serve", "echo", "tcp://192.0.2.1:80");

        Assert.Equal(ExitCodes.NetworkFailed, await sockeye.EndAsync());
        Assert.Equal(shown, sockeye.Errors.All.Any(line => line.StartsWith("   at ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("2>/dev/full", ExitCodes.WrongUsage, "serve", "uper")]
    [InlineData("2>&-", ExitCodes.NetworkFailed, "serve", "echo", "tcp://192.0.2.1:80")]
    [InlineData(">/dev/full", ExitCodes.NetworkFailed, "--version")]
    [InlineData(">/dev/full", ExitCodes.NetworkFailed, "serve", "--help")]
    [InlineData(">/dev/full 2>&1", ExitCodes.NetworkFailed)]
    public async Task Without_anybody_to_tell_the_exit_code_still_tells(string redirections, int exitCode, params string[] arguments)
    {
        using SockeyeProcess sockeye = SockeyeProcess.StartRedirected(redirections, arguments);

        Assert.Equal(exitCode, await sockeye.EndAsync());
        Assert.All(sockeye.Errors.All, line => Assert.StartsWith("sockeye: ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_version_is_on_standard_output()
    {
        using SockeyeProcess sockeye = SockeyeProcess.Start("--version");

        Assert.Equal(ExitCodes.Done, await sockeye.EndAsync());
        Assert.Matches(@"^\d+\.\d+\.\d+$", Assert.Single(sockeye.Output.All));
        Assert.Empty(sockeye.Errors.All);
    }

    [Fact]
    public async Task Called_with_nothing_it_helps()
    {
        using SockeyeProcess sockeye = SockeyeProcess.Start();

        Assert.Equal(ExitCodes.Done, await sockeye.EndAsync());
        Assert.Contains(sockeye.Output.All, line => line.StartsWith("  sockeye serve", StringComparison.Ordinal));
        Assert.Empty(sockeye.Errors.All);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(55)]
    [InlineData(65)]
    [InlineData(67)]
    [InlineData(70)]
    [InlineData(72)]
    public async Task With_too_few_descriptors_it_says_so(int limit)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The limit is read from /proc.");
        using SockeyeProcess sockeye = SockeyeProcess.StartInShell($"ulimit -n {limit}; exec \"$0\" \"$@\"", "serve", "echo", "tcp://127.0.0.1:0");

        Assert.Equal(ExitCodes.NetworkFailed, await sockeye.EndAsync());
        Assert.Matches($"^sockeye: too few descriptors: the limit is {limit}, [0-9]+ are open already, and it needs", Assert.Single(sockeye.Errors.All));
    }

    [Fact]
    public async Task With_the_fewest_descriptors_it_accepts_it_serves()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The limit is read from /proc.");
        using SockeyeProcess refused = SockeyeProcess.StartInShell("ulimit -n 65; exec \"$0\" \"$@\"", "serve", "echo", "tcp://127.0.0.1:0");
        await refused.EndAsync();
        int open = int.Parse(refused.Errors.All[0].Split(", ")[1].Split(' ')[0]);

        using SockeyeProcess sockeye = SockeyeProcess.StartInShell(
            $"ulimit -n {open + DescriptorCheck.FreeMin}; exec \"$0\" \"$@\"", "serve", "echo", "tcp://127.0.0.1:0", "udp://localhost:0");
        using Socket client = await ConnectAsync(await sockeye.ListensAsync());
        await client.SayAsync("hello");
        Assert.Equal("hello", await client.HearAsync("hello"));
        sockeye.Signal(SockeyeProcess.Terminate);
        Assert.Equal(ExitCodes.Done, await sockeye.EndAsync());
    }

    /// <summary>A terminal is not sent what .NET sends to one it takes keys from.</summary>
    [Theory]
    [InlineData("--version")]
    [InlineData("")]
    [InlineData("serve --help")]
    [InlineData("serve echo tcp://127.0.0.1:0")]
    public async Task A_terminal_gets_nothing_but_text(string line)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "script, of the package bsdutils, makes the terminal.");
        using SockeyeProcess sockeye = SockeyeProcess.StartInShell(
            "export TERM=xterm-256color; command=$0; for word; do command=\"$command '$word'\"; done; exec script -qec \"$command\" /dev/null",
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        if (line.Contains("echo", StringComparison.Ordinal))
        {
            string listening = (await sockeye.Output.FindAsync("listening on ")).TrimEnd('\r');
            using Socket client = await ConnectAsync(Address.Parse(listening[(listening.IndexOf("on ", StringComparison.Ordinal) + 3)..]));
            await client.SayAsync("hello"); // the line about it asks how wide the terminal is
            await sockeye.Output.FindAsync("sent 5 bytes");
        }
        else
        {
            Assert.Equal(ExitCodes.Done, await sockeye.EndAsync());
        }

        Assert.NotEmpty(sockeye.Output.All);
        Assert.DoesNotContain(sockeye.Output.All, each => each.Contains('\u001b'));
    }

    private static JsonElement Parse(string line) => JsonDocument.Parse(line).RootElement;

    private static Task<Socket> ConnectAsync(Address address) => ConnectAsync((IPEndPoint)address.EndPoint);

    /// <summary>Connects, as soon as somebody listens.</summary>
    private static async Task<Socket> ConnectAsync(IPEndPoint endPoint)
    {
        using CancellationTokenSource patience = new(Lines.Patience);
        while (true)
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(endPoint, patience.Token);
                return socket;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                socket.Dispose();
            }
        }
    }

    /// <summary>Connects to a Unix socket, where what one side has not read is what the other cannot send, with no window or acknowledgement in between.</summary>
    private static async Task<Socket> ConnectUnixAsync(SockeyeProcess sockeye)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync((await sockeye.ListensAsync("unix")).EndPoint);
        return socket;
    }

    /// <summary>
    /// Sends until nothing more is taken by a program that has come to rest: it does not read although there is something, since its echo waits for us to read.
    /// </summary>
    private static async Task FloodAsync(SockeyeProcess sockeye, Socket client)
    {
        byte[] bytes = new byte[64 * 1024];
        client.Blocking = false;
        int sent;
        do
        {
            sent = 0;
            while (client.Send(bytes, 0, bytes.Length, SocketFlags.None, out _) is > 0 and int count)
                sent += count;
            await sockeye.RestsAsync();
        }
        while (sent > 0);
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
