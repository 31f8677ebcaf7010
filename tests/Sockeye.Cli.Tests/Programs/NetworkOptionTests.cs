using Sockeye.Cli.Tests.Serving;

namespace Sockeye.Cli.Tests.Programs;

/// <summary><c>--network</c>: whose threads serve, seen from outside.</summary>
public class NetworkOptionTests
{
    public static TheoryData<string[]> Servers => new()
    {
        new[] { "serve", "echo", "tcp://127.0.0.1:0" },
        new[] { "relay", "tcp://127.0.0.1:0", "tcp://127.0.0.1:1" },
        new[] { "tap", "tcp://127.0.0.1:0", "tcp://127.0.0.1:1" },
        new[] { "listen", "tcp://127.0.0.1:0", "--keep-open" },
    };

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Servers_have_reactors_unless_they_are_told_otherwise(string[] server)
    {
        Assert.True(await HasReactorsAsync(server));
        Assert.True(await HasReactorsAsync([.. server, "--network", "linux"]));
        Assert.False(await HasReactorsAsync([.. server, "--network", "host"]));
    }

    [Fact]
    public async Task Who_serves_one_client_has_none() => Assert.False(await HasReactorsAsync(["listen", "tcp://127.0.0.1:0"]));

    private static async Task<bool> HasReactorsAsync(string[] arguments)
    {
        using SockeyeProcess sockeye = SockeyeProcess.Start(arguments);
        await sockeye.ListensAsync();
        string[] threads = [.. Directory.GetDirectories($"/proc/{sockeye.Id}/task").Select(NameOf)];
        sockeye.Signal(SockeyeProcess.Terminate);
        await sockeye.EndAsync();
        Assert.NotEmpty(threads);
        return threads.Any(name => name.StartsWith("Sockeye reactor", StringComparison.Ordinal));
    }

    private static string NameOf(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm"));
        }
        catch (IOException)
        {
            // A thread of the pool that has ended meanwhile.
            return "";
        }
    }
}
