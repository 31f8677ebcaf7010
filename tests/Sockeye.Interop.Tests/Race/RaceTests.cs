using System.Text.Json;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Race;

/// <summary>bench/race: what it compares answers rightly, and what it starts ends with it.</summary>
public sealed class RaceTests : IDisposable
{
    private const int Interrupted = 130;

    private readonly ScratchFolder _folder = new();

    [Theory]
    [InlineData("pipelined", "linux-epoll", "host", "socket", "socket-inline", "kestrel", "kestrel-inline", "kestrel-epoll", "kestrel-epoll-inline", "c-epoll")]
    [InlineData("large", "linux-epoll", "host", "socket", "socket-inline", "kestrel", "kestrel-inline", "kestrel-epoll", "kestrel-epoll-inline", "c-epoll")]
    [InlineData("connect", "linux-epoll", "host", "socket", "socket-inline", "kestrel", "kestrel-inline", "kestrel-epoll", "kestrel-epoll-inline", "c-epoll")]
    [InlineData("unix", "linux-epoll", "host", "socket", "socket-inline", "kestrel", "kestrel-inline", "kestrel-epoll", "kestrel-epoll-inline", "c-epoll")]
    [InlineData("udp", "linux-epoll", "host", "socket", "socket-inline", "c-epoll")]
    [InlineData("relay", "sockeye-relay")]
    [InlineData("http", "kestrel", "kestrel-inline", "kestrel-epoll", "kestrel-epoll-inline")]
    public async Task Its_contenders_echo_what_they_are_sent(string workload, params string[] always)
    {
        Programs.Find("gcc");
        await using Peer race = Programs.Race("--self-test", "--only", workload);

        int code = await race.EndAsync();

        // The others may be missing on this machine, and are then left out; none of them may be wrong.
        string[] right = [.. race.Output.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(words => words is [_, _, "right"]).Select(words => words[1])];
        Assert.Equal((0, ""), (code, race.Errors));
        Assert.Equal([], always.Except(right));
    }

    [Theory]
    [InlineData("ping-64", "messages/s, socket", "linux-epoll", "socket")]
    [InlineData("many-idle", "CPU/message, itself with none idle", "linux-epoll", "socket")]
    [InlineData("relay", "messages/CPU s", "sockeye-relay")]
    [InlineData("http", "CPU/message, kestrel", "kestrel", "kestrel-epoll")]
    public async Task It_runs_to_its_tables(string workload, string column, params string[] contenders)
    {
        RequireTwoCores();
        string json = _folder.PathOf("race.json");
        await using Peer race = Programs.Race(
            "--only", workload, "--contenders", string.Join(',', contenders), "--rounds", "2", "--seconds", "0.1", "--idle", "20", "--json", json);

        int code = await race.EndAsync();

        Assert.True(code == 0, race.Errors);
        Assert.Contains($"| {column} |", race.Output, StringComparison.Ordinal);
        JsonElement result = ReadOnlyResult(json);
        Assert.Equal("{}", result.GetProperty("leftOut").GetRawText());
        foreach (string contender in contenders)
        {
            Assert.Contains($"\n| {contender} | ", race.Output, StringComparison.Ordinal);
            JsonElement[] rounds = [.. result.GetProperty("rounds").GetProperty(contender).EnumerateArray()];
            Assert.Equal(2, rounds.Length);
            Assert.All(rounds, round => Assert.True(round.GetProperty("perSecond").GetDouble() > 0));
        }
    }

    [Fact]
    public async Task Memory_of_idle_connections_is_read_of_each()
    {
        RequireTwoCores();
        string json = _folder.PathOf("race.json");
        await using Peer race = Programs.Race("--only", "idle", "--contenders", "host,socket", "--rounds", "1", "--idle", "20", "--json", json);

        int code = await race.EndAsync();

        Assert.True(code == 0, race.Errors);
        JsonElement idle = ReadOnlyResult(json).GetProperty("idle");
        Assert.All(new[] { "host", "socket" }, name => Assert.Equal(JsonValueKind.Number, idle.GetProperty(name)[0].GetProperty("managed").ValueKind));
    }

    [Fact]
    public async Task What_is_not_installed_is_told_by_name_and_left_out()
    {
        string tools = LinkTools("gcc", "as", "ld");
        await using Peer race = Programs.RaceOnPath(
            tools, "--self-test", "--only", "connect,relay", "--contenders", "host,go,haproxy,nginx,socat", "--build", _folder.PathOf("build"));

        int code = await race.EndAsync();

        Assert.Equal((0, ""), (code, race.Errors));
        string[] said = [.. race.Output.Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];
        Assert.Equal(
            [
                "connect host right",
                "connect go left out: go (Debian's package golang-go) is not installed",
                "relay haproxy left out: haproxy (Debian's package haproxy) is not installed",
                "relay nginx left out: nginx (Debian's package nginx-light) is not installed",
                "relay socat left out: socat (Debian's package socat) is not installed",
                "",
            ],
            said);
    }

    [Theory]
    [InlineData("gcc (Debian's package gcc) is not installed", "--self-test")]
    [InlineData("taskset (Debian's package util-linux) is not installed", "--only", "ping-1")]
    public async Task Without_what_all_need_there_is_none(string reason, params string[] arguments)
    {
        RequireTwoCores();
        await using Peer race = Programs.RaceOnPath(LinkTools(), [.. arguments, "--build", _folder.PathOf("build")]);

        int code = await race.EndAsync();

        Assert.Equal((1, $"bench/race: without this there is no race: {reason}\n"), (code, race.Errors));
    }

    [Fact]
    public async Task The_packages_of_what_is_missing_are_listed_for_the_script()
    {
        await using Peer race = Programs.RaceOnPath(LinkTools("gcc"), "--missing");

        Assert.Equal(0, await race.EndAsync());
        string[] packages = race.Output.Split('\n');
        Assert.Equal([], new[] { "golang-go", "util-linux", "socat", "haproxy", "nginx-light" }.Except(packages));
        Assert.DoesNotContain("gcc", packages);
    }

    [Fact]
    public async Task An_interruption_ends_what_it_started()
    {
        RequireTwoCores();
        await using Peer race = Programs.Race("--only", "ping-64", "--contenders", "socket,c-epoll", "--seconds", "600");
        await race.SaysOnErrorsAsync("c-epoll is warm");
        string[] started = [.. Directory.GetDirectories($"/proc/{race.Id}/task").SelectMany(thread => File.ReadAllText($"{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))];

        await race.InterruptAsync();

        Assert.Equal(Interrupted, await race.EndAsync());
        Assert.Equal(4, started.Length); // two servers, each with its generator
        Assert.DoesNotContain(started, id => Directory.Exists($"/proc/{id}"));
    }

    public void Dispose() => _folder.Dispose();

    private static void RequireTwoCores()
    {
        Programs.Find("gcc");
        Programs.Find("taskset");
        if (Environment.ProcessorCount < 2)
            Assert.Skip("bench/race needs two cores.");
    }

    private static JsonElement ReadOnlyResult(string json)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(json));
        return document.RootElement.GetProperty("results").EnumerateArray().Single().Clone();
    }

    /// <summary>A folder with these programs and no others.</summary>
    private string LinkTools(params string[] programs)
    {
        string folder = Directory.CreateDirectory(_folder.PathOf("tools")).FullName;
        foreach (string program in programs)
            File.CreateSymbolicLink(Path.Combine(folder, program), Programs.Find(program));
        return folder;
    }
}
