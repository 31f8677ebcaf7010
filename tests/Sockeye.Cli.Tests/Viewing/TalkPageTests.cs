using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Sockeye.Cli.Tests.Programs;
using Sockeye.Cli.Tests.Serving;

namespace Sockeye.Cli.Tests.Viewing;

/// <summary>The page of <c>sockeye connect</c> and <c>sockeye listen</c>, as processes: what it shows, how long it stays, and what there is without it.</summary>
public sealed class TalkPageTests : IDisposable
{
    private const string Link = "open http://127.0.0.1:";
    private const string Stays = "the page stays as long as a browser looks at it, or until Ctrl-C";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sockeye-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("tcp", "tcp://127.0.0.1:0", "", "")]
    [InlineData("tls", "tls://127.0.0.1:0", "--self-signed", "--insecure")]
    [InlineData("ws", "ws://127.0.0.1:0/fish", "", "")]
    [InlineData("udp", "udp://127.0.0.1:0", "", "")]
    [InlineData("unix-dgram", "unix-dgram://FOLDER/echo.sock", "", "")]
    public async Task It_shows_a_connections_conversation_while_standard_output_has_only_what_came(string scheme, string address, string ofServer, string ofClient)
    {
        string where = address.Replace("FOLDER", _folder.FullName, StringComparison.Ordinal);
        using SockeyeProcess server = SockeyeProcess.Start(["serve", "echo", where, .. Words(ofServer)]);
        using SockeyeProcess client = SockeyeProcess.Start(["connect", $"{await server.ListensAsync(scheme)}", "--web", .. Words(ofClient)]);
        using PageVisitor visitor = new(await client.Errors.FindAsync(Link));
        await visitor.LookAsync();
        await client.TypeAsync("hello fish");
        await client.Output.FindAsync("hello fish");
        string[] said = await visitor.FindAsync("data", count: 2);
        Assert.Contains(said, bytes => bytes.Contains("hello fish", StringComparison.Ordinal));
        Assert.Contains("<title>", await visitor.GetAsync("/"), StringComparison.Ordinal);

        // It is over, and can still be asked for every byte.
        client.EndInput();
        await client.Errors.FindAsync(Stays);
        Assert.Equal(said, (await visitor.FindAsync("data", count: 2))[..said.Length]);
        await visitor.FindAsync("finished");
        Assert.False(client.HasEnded);
        client.Signal(SockeyeProcess.Interrupt);
        Assert.Equal(ExitCodes.Done, await client.EndAsync());
        Assert.Equal(["hello fish"], client.Output.All);
    }

    [Fact]
    public async Task It_goes_when_nobody_looks_any_more()
    {
        using SockeyeProcess server = SockeyeProcess.Start("serve", "echo", "tcp://127.0.0.1:0");
        using SockeyeProcess client = SockeyeProcess.Start("connect", $"{await server.ListensAsync()}", "--web");
        PageVisitor visitor = new(await client.Errors.FindAsync(Link));
        await visitor.LookAsync();
        client.EndInput();
        await client.Errors.FindAsync(Stays);
        visitor.Dispose();
        Assert.Equal(ExitCodes.Done, await client.EndAsync());
    }

    [Fact]
    public async Task Nobody_has_looked_and_nothing_waits()
    {
        using SockeyeProcess server = SockeyeProcess.Start("serve", "echo", "tcp://127.0.0.1:0");
        using SockeyeProcess client = SockeyeProcess.StartInShell("printf fish | exec \"$0\" \"$@\"", "connect", $"{await server.ListensAsync()}", "--web", "--json");
        Assert.Equal(ExitCodes.Done, await client.EndAsync());
        Assert.Empty(client.Errors.All);
        using JsonDocument first = JsonDocument.Parse(client.Output.All[0]);
        Assert.Equal("page", first.RootElement.GetProperty("event").GetString());
        Assert.StartsWith("http://127.0.0.1:", first.RootElement.GetProperty("address").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(client.Output.All, line => line.Contains("stays", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_reads_standard_output_has_its_end_before_the_page_goes()
    {
        using SockeyeProcess server = SockeyeProcess.Start("serve", "echo", "tcp://127.0.0.1:0");
        using SockeyeProcess client = SockeyeProcess.StartInShell("\"$0\" \"$@\" | { cat; echo ended >&2; }", "connect", $"{await server.ListensAsync()}", "--web");
        PageVisitor visitor = new(await client.Errors.FindAsync(Link));
        await visitor.LookAsync();
        await client.TypeAsync("fish");
        client.EndInput();
        await client.Errors.FindAsync(Stays);
        await client.Errors.FindAsync("ended");
        Assert.Equal(["fish"], client.Output.All);
        Assert.False(client.HasEnded);
        visitor.Dispose();
        await client.EndAsync();
    }

    [Fact]
    public async Task A_reset_can_be_looked_at_and_is_still_the_exit_code()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using SockeyeProcess client = SockeyeProcess.Start("connect", $"tcp://{listener.LocalEndPoint}", "--web");
        using PageVisitor visitor = new(await client.Errors.FindAsync(Link));
        await visitor.LookAsync();
        using (Socket peer = await listener.AcceptAsync().WaitAsync(Lines.Patience))
        {
            await client.TypeAsync("fish");
            Assert.Equal("fish\n", await peer.HearAsync("fish\n"));
            peer.LingerState = new LingerOption(true, 0);
        }

        Assert.Contains("reset", await client.Errors.FindAsync(Stays), StringComparison.Ordinal);
        await visitor.FindAsync("reset");
        client.Signal(SockeyeProcess.Interrupt);
        Assert.Equal(ExitCodes.Reset, await client.EndAsync());
        Assert.StartsWith("sockeye: ", client.Errors.All[^1], StringComparison.Ordinal);
        Assert.Contains("reset", client.Errors.All[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listener_shows_its_client()
    {
        using SockeyeProcess server = SockeyeProcess.Start("listen", "tcp://127.0.0.1:0", "--web");
        using PageVisitor visitor = new(await server.Errors.FindAsync(Link));
        await visitor.LookAsync();
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync((await server.ListensAsync()).EndPoint);
        await client.SayAsync("fish\n");
        await server.Output.FindAsync("fish");
        Assert.Equal(["fish\n"], await visitor.FindAsync("data"));
        server.EndInput();
        client.Shutdown(SocketShutdown.Send);
        await server.Errors.FindAsync(Stays);
        await visitor.FindAsync("finished");
        server.Signal(SockeyeProcess.Interrupt);
        Assert.Equal(ExitCodes.Done, await server.EndAsync());
    }

    [Fact]
    public async Task Without_it_no_web_server_is_loaded()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Which files a process has loaded is asked of Linux.");
        using SockeyeProcess server = SockeyeProcess.Start("serve", "echo", "tcp://127.0.0.1:0");
        string address = $"{await server.ListensAsync()}";
        Assert.DoesNotContain(await LoadedAsync("connect", address), IsOfThePage);
        Assert.Contains(await LoadedAsync("connect", address, "--web"), IsOfThePage);

        static bool IsOfThePage(string file) => file.Contains("AspNetCore", StringComparison.Ordinal) || file == "Sockeye.Eye.dll";
    }

    /// <summary>What a process has loaded when it has had an answer.</summary>
    private static async Task<string[]> LoadedAsync(params string[] arguments)
    {
        using SockeyeProcess client = SockeyeProcess.Start(arguments);
        await client.TypeAsync("fish");
        await client.Output.FindAsync("fish");
        string[] maps = await File.ReadAllLinesAsync($"/proc/{client.Id}/maps");
        client.EndInput();
        Assert.Equal(ExitCodes.Done, await client.EndAsync());
        string[] files = [.. maps.Select(Path.GetFileName).OfType<string>().Distinct()];
        Assert.Contains("Sockeye.dll", files);
        return files;
    }

    private static string[] Words(string words) => words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
