using System.Net;
using System.Net.Sockets;
using Sockeye.Cli.Commands;
using Sockeye.Cli.Tests.Serving;
using Sockeye.Cli.Tests.Tapping;

namespace Sockeye.Cli.Tests.Viewing;

/// <summary><c>--show-secrets</c>: off unless asked for, said so when on, and on this machine only.</summary>
public class ShownSecretsTests
{
    [Theory]
    [InlineData("", "Cookie:*****\r\n")]
    [InlineData("--show-secrets", "Cookie: fish\r\n")]
    public async Task Secrets_are_masked_unless_told(string option, string expected)
    {
        // A relay, which shows its own sockets: a server shows all of the process, and so those of other tests.
        using Socket target = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        target.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        target.Listen();
        string[] options = option.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        await using RunningCommand relay = RunningCommand.Start(["relay", "tcp://127.0.0.1:0", $"tcp://{target.LocalEndPoint}", "--web", .. options]);
        using PageVisitor visitor = new(await relay.Error.FindAsync("open http://"));
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync((await relay.AddressAsync()).EndPoint);
        using Socket server = await target.AcceptAsync().WaitAsync(Lines.Patience);
        await client.SayAsync("Cookie: fish\r\n");
        Assert.Equal("Cookie: fish\r\n", await server.HearAsync("Cookie: fish\r\n"));
        Assert.Equal(expected, (await visitor.FindAsync("data"))[0]);
        string[] warnings = [.. relay.Error.All.Where(line => line.Contains("WARNING", StringComparison.Ordinal))];
        if (option.Length == 0)
            Assert.Empty(warnings);
        else
            Assert.Equal(["sockeye: WARNING: --show-secrets: passwords, tokens and cookies are NOT masked on the page; whoever is on this machine can read them"], warnings);
    }

    [Theory]
    [InlineData("tap tcp://127.0.0.1:0 tcp://127.0.0.1:9 --view none")]
    [InlineData("relay tcp://127.0.0.1:0 tcp://127.0.0.1:9")]
    [InlineData("serve echo tcp://127.0.0.1:0")]
    [InlineData("listen tcp://127.0.0.1:0")]
    [InlineData("connect tcp://127.0.0.1:9")]
    public async Task They_are_refused_beyond_this_machine_and_without_a_page(string verb)
    {
        Assert.Equal(
            "sockeye: --web-address: a page that shows secrets is for this machine alone, and http://*:0 is open to others: http://127.0.0.1:8090, for example, is not",
            await FailAsync($"{verb} --web-address http://*:0 --show-secrets"));
        Assert.Equal("sockeye: --show-secrets is for a page: write --web too", await FailAsync($"{verb} --show-secrets"));
    }

    /// <summary>The one line that says what is wrong with the usage.</summary>
    private static async Task<string> FailAsync(string line)
    {
        using Lines errors = new();
        Assert.Equal(ExitCodes.WrongUsage, await CommandLine.RunAsync(line.Split(' '), new CliEnvironment { Output = TextWriter.Null, Error = errors, OpenOutput = () => Stream.Null }));
        return Assert.Single(errors.All);
    }
}
