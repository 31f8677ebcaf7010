using System.Text.Json;
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

    /// <summary>As in most containers. It serves all the same, and standard output has nothing but JSON.</summary>
    [Fact]
    public async Task Without_io_uring_it_says_so_once_and_why()
    {
        using SockeyeProcess sockeye = StartWithoutIoUring("serve", "echo", "tcp://127.0.0.1:0", "--json");
        await sockeye.Output.FindAsync("\"listening\"");
        sockeye.Signal(SockeyeProcess.Terminate);
        Assert.Equal(ExitCodes.Done, await sockeye.EndAsync());

        Assert.Equal(
            "note: reactors on epoll: io_uring cannot be used: this process may not (kernel.io_uring_disabled, or a container's seccomp rules)",
            Assert.Single(sockeye.Notes.All));
        Assert.Empty(sockeye.Errors.All);
        Assert.All(sockeye.Output.All, line => JsonDocument.Parse(line).Dispose());
    }

    /// <summary>It ends by itself: nobody has this address.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(0, "--quiet")]
    [InlineData(0, "--network", "host")]
    public async Task Who_does_not_want_to_know_is_not_told(int notes, params string[] options)
    {
        using SockeyeProcess sockeye = StartWithoutIoUring(["serve", "echo", "tcp://192.0.2.1:1", .. options]);

        Assert.Equal(ExitCodes.NetworkFailed, await sockeye.EndAsync());
        Assert.Single(sockeye.Errors.All);
        Assert.Equal(notes, sockeye.Notes.All.Length);
    }

    private static SockeyeProcess StartWithoutIoUring(params string[] arguments) => SockeyeProcess.StartThrough(["python3", "-c", Seccomp.Forbid, "io_uring"], arguments);

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
