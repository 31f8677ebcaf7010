using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;

namespace Sockeye.Cli.Tests.Programs;

/// <summary>The hub as a person meets it: what it says at its start, what it refuses, and how it ends.</summary>
public sealed class HubProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sockeye-hub-").FullName;

    private string Data => Path.Combine(_folder, "data");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Its_start_says_where_it_is_and_who_can_own_it()
    {
        using HubProcess hub = HubProcess.Start(Data);
        string owner = await hub.Sockeye.Errors.FindAsync("/#owner=");

        string[] lines = hub.Sockeye.Errors.All;
        Assert.Matches($"^keeps everything in {Data}/hub.db \\(SQLite 3\\.[0-9.]+\\)$", lines[0]);
        Assert.Contains(lines, line => line.StartsWith("listening on tcp://127.0.0.1:", StringComparison.Ordinal));
        Assert.Contains($"listening on unix://{Data}/hub.sock", lines);
        string page = lines.Single(line => line.StartsWith("listening on http://", StringComparison.Ordinal))["listening on ".Length..];
        Assert.Contains($"open {page} in a browser", lines);
        Assert.StartsWith($"open {page}/#owner=", owner, StringComparison.Ordinal);
        Assert.EndsWith("to become the owner of this hub; it works once, within 24 hours", owner, StringComparison.Ordinal);

        Assert.Equal(ExitCodes.Done, await hub.StopAsync());
        Assert.Equal("stopped", hub.Sockeye.Errors.All[^1]);
        Assert.Empty(hub.Sockeye.Output.All);
    }

    [Theory]
    [InlineData(SockeyeProcess.Interrupt)]
    [InlineData(SockeyeProcess.Terminate)]
    [InlineData(SockeyeProcess.HangUp)]
    public async Task Asked_to_stop_it_tells_everybody_and_whoever_comes_back_misses_nothing(string signal)
    {
        using HubProcess first = HubProcess.Start(Data);
        using TextPerson ann = await first.ComesAsync("Ann");
        using TextPerson tom = await first.ComesAsync("Tom", "unix");
        await tom.SaysAsync("before the end");
        await ann.Lines.FindAsync("Tom: before the end");

        first.Sockeye.Signal(signal);

        Assert.Equal(ExitCodes.Done, await first.Sockeye.EndAsync());
        foreach (TextPerson person in new[] { ann, tom })
        {
            await person.Ended;
            Assert.Contains(person.Lines.All, line => line.Contains("The hub is closing", StringComparison.Ordinal));
        }

        Assert.Contains("stopping, with 2 connections open", first.Sockeye.Errors.All);
        Assert.False(File.Exists(Path.Combine(Data, "hub.sock")));

        using HubProcess second = HubProcess.Start(Data);
        using TextPerson again = await second.ComesAsync("Ann");
        await again.Lines.FindAsync("Tom: before the end");
        Assert.Equal(ExitCodes.Done, await second.StopAsync());
    }

    /// <summary>How long it takes is the time to drain, which they cannot prolong: the end comes at all.</summary>
    [Fact]
    public async Task Clients_that_take_nothing_do_not_keep_it()
    {
        using HubProcess hub = HubProcess.Start(Data);
        using TextPerson tom = await hub.ComesAsync("Tom");
        string line = new('x', 3900);
        foreach (int number in Enumerable.Range(1, 100))
            await tom.SaysAsync($"{number} {line}");
        await tom.SaysAsync("/history 1");
        await tom.Lines.FindAsync("100 xxx");

        // It asks for more than any buffer holds, and reads none of it.
        Address door = await hub.Sockeye.ListensAsync();
        using Socket stuck = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await stuck.ConnectAsync(door.EndPoint);
        stuck.Send("Stuck\n"u8);
        await tom.Lines.FindAsync("Stuck");
        foreach (int _ in Enumerable.Range(0, 100))
            stuck.Send("/history 100\n"u8);
        Address page = await hub.Sockeye.ListensAsync("http");
        using ClientWebSocket silent = new();
        silent.Options.SetRequestHeader("Origin", $"http://127.0.0.1:{page.Port}");
        await silent.ConnectAsync(new Uri($"ws://127.0.0.1:{page.Port}/ws"), CancellationToken.None);

        Assert.Equal(ExitCodes.Done, await hub.StopAsync());
        Assert.Equal("stopped", hub.Sockeye.Errors.All[^1]);
    }

    [Fact]
    public async Task A_second_signal_ends_it_at_once()
    {
        File.WriteAllText(Path.Combine(_folder, "slow.json"), """{ "drainTimeout": "1h" }""");
        using HubProcess hub = HubProcess.Start(Data, "--config", Path.Combine(_folder, "slow.json"));
        Address page = await hub.Sockeye.ListensAsync("http");
        using ClientWebSocket silent = new();
        silent.Options.SetRequestHeader("Origin", $"http://127.0.0.1:{page.Port}");
        await silent.ConnectAsync(new Uri($"ws://127.0.0.1:{page.Port}/ws"), CancellationToken.None);
        Assert.True(File.Exists(Path.Combine(Data, "hub.sock")));

        hub.Sockeye.Signal(SockeyeProcess.Interrupt);
        await hub.Sockeye.Errors.FindAsync("stopping, with ");
        Task<int> end = hub.Sockeye.EndAsync();
        while (!end.IsCompleted)
            hub.Sockeye.Signal(SockeyeProcess.Interrupt); // the first of these may come too soon to be a second wish

        Assert.Equal(ExitCodes.Interrupted, await end);
        Assert.False(File.Exists(Path.Combine(Data, "hub.sock")));
    }

    [Theory]
    [InlineData("--text", "tcp", "tcp")]
    [InlineData("--web", "http", "tcp")]
    [InlineData("--udp", "udp", "udp")]
    public async Task A_port_that_is_taken_names_who_has_it(string door, string scheme, string transport)
    {
        using SockeyeProcess other = SockeyeProcess.Start("serve", "echo", $"{transport}://127.0.0.1:0");
        int port = (await other.ListensAsync(transport)).Port;

        using HubProcess hub = HubProcess.Start(Data, door, $"{scheme}://127.0.0.1:{port}");

        Assert.Equal(ExitCodes.NetworkFailed, await hub.Sockeye.EndAsync());
        string error = Assert.Single(hub.Sockeye.Errors.All);
        Assert.StartsWith("sockeye: ", error, StringComparison.Ordinal);
        Assert.Contains($"{transport}://127.0.0.1:{port}: the address is in use", error, StringComparison.Ordinal);
        if (OperatingSystem.IsLinux())
            Assert.Contains($"(process {other.Id}) has it", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Data, "hub.sock")));
    }

    [Fact]
    public async Task A_second_hub_on_the_same_data_is_refused_and_told_who_has_it()
    {
        using HubProcess first = HubProcess.Start(Data);
        await first.Sockeye.ListensAsync();

        using HubProcess second = HubProcess.Start(Data);

        Assert.Equal(ExitCodes.NetworkFailed, await second.Sockeye.EndAsync());
        Assert.Matches(
            $"^sockeye: another hub uses the data directory {Data}: process {first.Sockeye.Id}, since .* Stop it first, or give this one its own directory with --data DIR$",
            Assert.Single(second.Sockeye.Errors.All));
        Assert.Equal(ExitCodes.Done, await first.StopAsync());
    }

    [Fact]
    public async Task What_is_no_store_is_said_in_one_calm_line()
    {
        Directory.CreateDirectory(Data);
        File.WriteAllText(Path.Combine(Data, "hub.db"), new string('x', 10_000));

        using HubProcess hub = HubProcess.Start(Data);

        Assert.Equal(ExitCodes.NetworkFailed, await hub.Sockeye.EndAsync());
        string error = Assert.Single(hub.Sockeye.Errors.All);
        Assert.StartsWith("sockeye: ", error, StringComparison.Ordinal);
        Assert.Contains($"{Data}/hub.db", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_environment_is_over_the_file_and_under_the_command_line()
    {
        Directory.CreateDirectory(Data);
        File.WriteAllText(Path.Combine(Data, "hub.json"), """{ "queueMessagesMax": 5, "webConnectionsMax": 6, "text": "tcp://127.0.0.1:1" }""");
        Dictionary<string, string> variables = new() { ["SOCKEYE_HUB__QUEUEMESSAGESMAX"] = "7", ["SOCKEYE_HUB__Text"] = "tcp://127.0.0.1:2", ["SOCKEYE_HUB__DATA"] = Data, ["SOCKEYE_HUB__LIMITS__CHAT__LOBBY"] = "hall" };

        using SockeyeProcess printed = SockeyeProcess.Start(variables, "hub", "--text", "off", "--print-config");

        Assert.Equal(ExitCodes.Done, await printed.EndAsync());
        JsonElement json = JsonDocument.Parse(string.Join('\n', printed.Output.All)).RootElement;
        Assert.Equal((7, 6, "off"), (json.GetProperty("queueMessagesMax").GetInt32(), json.GetProperty("webConnectionsMax").GetInt32(), json.GetProperty("text").GetString()));
        Assert.Equal("hall", json.GetProperty("limits").GetProperty("chat").GetProperty("lobby").GetString());
    }

    [Theory]
    [InlineData("--text", "http://127.0.0.1:1", "sockeye: --text: it cannot be \"http://127.0.0.1:1\"")]
    [InlineData("--web", "https://127.0.0.1:1", "sockeye: --web: https://127.0.0.1:1 needs a certificate: --tls CERT KEY")]
    [InlineData("--tls", "/none.pem", "sockeye: --tls: /none.pem: there is no such file")]
    [InlineData("--data", "/etc/passwd", "sockeye: --data: /etc/passwd is a file: name a directory, which is made if there is none")]
    public async Task Settings_that_could_not_be_started_from_are_not_printed(string option, string value, string expected)
    {
        string[] data = option == "--data" ? [] : ["--data", Data];

        using SockeyeProcess printed = SockeyeProcess.Start(["hub", "--print-config", option, value, .. data]);

        Assert.Equal(ExitCodes.WrongUsage, await printed.EndAsync());
        Assert.Empty(printed.Output.All);
        Assert.StartsWith(expected, Assert.Single(printed.Errors.All), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task A_hub_with_few_descriptors_says_how_many_connections_fit()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Descriptors are counted in Linux's /proc.");

        using SockeyeProcess hub = SockeyeProcess.StartInShell(
            "ulimit -n 300; exec \"$0\" \"$@\"", "hub", "--data", Data, "--text", "tcp://127.0.0.1:0", "--web", "off", "--udp", "off");

        string warning = await hub.Errors.FindAsync("few descriptors: the limit is 300, and ");
        Assert.Matches("and [0-9]+ are in use already, so [0-9]+ connections fit at a time; raise it with 'ulimit -n 4096' before the start$", warning);
        hub.Signal(SockeyeProcess.Interrupt);
        Assert.Equal(ExitCodes.Done, await hub.EndAsync());
    }

    [Theory]
    [InlineData("SOCKEYE_HUB__LIMITS__CHAT__MESAGEBYTESMAX", "9", "sockeye: the environment variable SOCKEYE_HUB__LIMITS__CHAT__MESAGEBYTESMAX: there is no such key; did you mean limits:chat:messageBytesMax?")]
    [InlineData("SOCKEYE_HUB__LIMITS__CHAT__MESSAGEBYTESMAX", "9", "sockeye: the environment variable SOCKEYE_HUB__LIMITS__CHAT__MESSAGEBYTESMAX cannot be \"9\": it is a whole number from 100 to 32,000")]
    [InlineData("SOCKEYE_HUB__TXET", "off", "sockeye: the environment variable SOCKEYE_HUB__TXET: there is no such key; did you mean text?")]
    [InlineData("SOCKEYE_HUB__LAN", "yes", "sockeye: the environment variable SOCKEYE_HUB__LAN cannot be \"yes\": it is true or false")]
    [InlineData("SOCKEYE_HUB__UNIX", "/tmp", "sockeye: the environment variable SOCKEYE_HUB__UNIX: it cannot be \"/tmp\"")]
    public async Task What_is_wrong_in_the_environment_is_said_of_its_variable(string variable, string value, string expected)
    {
        using HubProcess hub = HubProcess.Start(new Dictionary<string, string> { [variable] = value }, Data);

        Assert.Equal(ExitCodes.WrongUsage, await hub.Sockeye.EndAsync());
        Assert.StartsWith(expected, Assert.Single(hub.Sockeye.Errors.All), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));
    }

    [Theory]
    [InlineData("--text", "http://127.0.0.1:1", "sockeye: --text: it cannot be \"http://127.0.0.1:1\": the plain-text door has tcp or tls addresses; that one is for the page's door")]
    [InlineData("--tls", "/none.pem", "sockeye: --tls: /none.pem: there is no such file")]
    [InlineData("--owner-lnk", "", "sockeye: hub has no option \"--owner-lnk\"; did you mean --owner-link?")]
    [InlineData("tcp://127.0.0.1:1", "", "sockeye: the hub has its addresses behind options, --text, --udp, --unix and --web; try sockeye hub --text tcp://127.0.0.1:1")]
    [InlineData("bakup", "", "sockeye: there is no task \"bakup\"; did you mean \"backup\"?")]
    public async Task What_is_wrong_on_the_command_line_is_said_of_its_option(string word, string value, string expected)
    {
        using HubProcess hub = HubProcess.Start(Data, [.. new[] { word, value }.Where(each => each.Length > 0)]);

        Assert.Equal(ExitCodes.WrongUsage, await hub.Sockeye.EndAsync());
        Assert.Equal(expected, Assert.Single(hub.Sockeye.Errors.All));
    }

    [Fact]
    public async Task A_backup_of_a_running_hub_is_put_back_when_it_is_stopped()
    {
        string copy = Path.Combine(_folder, "copy.db");
        using (HubProcess hub = HubProcess.Start(Data))
        {
            using TextPerson tom = await hub.ComesAsync("Tom");
            using TextPerson ann = await hub.ComesAsync("Ann");
            await tom.SaysAsync("before the backup");
            await ann.Lines.FindAsync("before the backup");

            Assert.Contains($"{copy} has all of {Data}, ", await DoneAsync("backup", copy), StringComparison.Ordinal);
            Assert.Equal($"sockeye: {copy} is there already: choose another name, or say --force to replace it", await FailedAsync("backup", copy));
            Assert.Contains("has all of", await DoneAsync("backup", copy, "--force"), StringComparison.Ordinal);
            Assert.StartsWith("sockeye: another hub uses the data directory", await FailedAsync("restore", copy), StringComparison.Ordinal);

            await tom.SaysAsync("after the backup");
            await ann.Lines.FindAsync("after the backup");
            Assert.Equal(ExitCodes.Done, await hub.StopAsync());
        }

        Assert.Contains($"{Data} has what is in {copy}; what was there is kept in {Data}/hub.db.before-", await DoneAsync("restore", copy), StringComparison.Ordinal);

        using HubProcess restored = HubProcess.Start(Data);
        using TextPerson again = await restored.ComesAsync("Ann");
        await again.Lines.FindAsync("before the backup");
        await again.SaysAsync("/history 50");
        await again.SaysAsync("/nonsense"); // answered after the one before it
        await again.Lines.FindAsync("no command /nonsense");
        Assert.DoesNotContain(again.Lines.All, line => line.Contains("after the backup", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_backup_that_cannot_be_is_an_error_and_with_json_what_is_done_is_an_event()
    {
        using (SockeyeProcess nameless = SockeyeProcess.Start("hub", "backup"))
        {
            Assert.Equal(ExitCodes.WrongUsage, await nameless.EndAsync());
            Assert.Equal("sockeye: hub backup needs a file; try sockeye hub backup monday.db", Assert.Single(nameless.Errors.All));
        }

        Assert.StartsWith($"sockeye: there is nothing to back up: {Data}/hub.db is not there.", await FailedAsync("backup", "x"), StringComparison.Ordinal);
        Assert.Contains("is not there: name a file that `sockeye hub backup` made", await FailedAsync("restore", Path.Combine(_folder, "none")), StringComparison.Ordinal);
        using (HubProcess hub = HubProcess.Start(Data))
        {
            await hub.Sockeye.ListensAsync();
            await hub.StopAsync();
        }

        using SockeyeProcess backup = SockeyeProcess.Start("hub", "backup", Path.Combine(_folder, "copy.db"), "--data", Data, "--json");
        Assert.Equal(ExitCodes.Done, await backup.EndAsync());
        Assert.Equal("notice", JsonDocument.Parse(Assert.Single(backup.Output.All)).RootElement.GetProperty("event").GetString());
        Assert.Empty(backup.Errors.All);
    }

    [Fact]
    public async Task Json_has_every_event_and_another_owner_is_invited_on_demand()
    {
        using (HubProcess hub = HubProcess.Start(Data, "--json"))
        {
            await hub.Sockeye.Output.FindAsync("\"owner\"");
            Assert.Equal(ExitCodes.Done, await hub.StopAsync());
            string[] events = [.. hub.Sockeye.Output.All.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("event").GetString()!)];
            Assert.Equal(["listening", "notice", "owner", "page", "stopped", "stopping"], events.Distinct().Order(StringComparer.Ordinal));
            Assert.Empty(hub.Sockeye.Errors.All);
        }

        using HubProcess quiet = HubProcess.Start(Data, "--quiet", "--owner-link");
        Assert.Matches("^http://127.0.0.1:[0-9]+/#owner=[A-Za-z0-9_-]{43}$", await quiet.Sockeye.Errors.FindAsync("#owner="));
        Assert.Equal(ExitCodes.Done, await quiet.StopAsync());
        Assert.Single(quiet.Sockeye.Errors.All);
    }

    private async Task<string> DoneAsync(params string[] task)
    {
        using SockeyeProcess sockeye = SockeyeProcess.Start(["hub", .. task, "--data", Data]);
        Assert.Equal(ExitCodes.Done, await sockeye.EndAsync());
        return Assert.Single(sockeye.Errors.All);
    }

    private async Task<string> FailedAsync(params string[] task)
    {
        using SockeyeProcess sockeye = SockeyeProcess.Start(["hub", .. task, "--data", Data]);
        Assert.Equal(ExitCodes.NetworkFailed, await sockeye.EndAsync());
        return Assert.Single(sockeye.Errors.All);
    }
}
