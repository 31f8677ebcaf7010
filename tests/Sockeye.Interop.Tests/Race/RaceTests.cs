using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Race;

/// <summary>bench/race: what it compares answers rightly, and what it starts ends with it.</summary>
public class RaceTests
{
    private const int Interrupted = 130;

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

    [Fact]
    public async Task An_interruption_ends_what_it_started()
    {
        Programs.Find("gcc");
        Programs.Find("taskset");
        if (Environment.ProcessorCount < 2)
            Assert.Skip("bench/race needs two cores.");
        await using Peer race = Programs.Race("--only", "ping-64", "--contenders", "socket,c-epoll", "--seconds", "600");
        await race.SaysOnErrorsAsync("c-epoll is warm");
        string[] started = [.. Directory.GetDirectories($"/proc/{race.Id}/task").SelectMany(thread => File.ReadAllText($"{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))];

        await race.InterruptAsync();

        Assert.Equal(Interrupted, await race.EndAsync());
        Assert.Equal(4, started.Length); // two servers, each with its generator
        Assert.DoesNotContain(started, id => Directory.Exists($"/proc/{id}"));
    }
}
