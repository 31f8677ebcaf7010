using System.Diagnostics;

namespace Sockeye.Cli.Tests.Programs;

/// <summary>The end of standard input is no end of the answer: whoever answers late is still heard.</summary>
public sealed class LateReplyTests : IDisposable
{
    /// <summary>Reads to the end, waits as long as its argument says, and answers then.</summary>
    private const string Server = """
        import socket, sys, time
        listener = socket.create_server(("127.0.0.1", 0))
        print(listener.getsockname()[1], flush=True)
        client, _ = listener.accept()
        question = b""
        while part := client.recv(65536):
            question += part
        began = time.monotonic()
        time.sleep(float(sys.argv[1]))
        client.sendall(b"%d s after the end of %s\n" % (time.monotonic() - began, question))
        client.close()
        """;

    private Process? _server;

    public void Dispose()
    {
        if (_server is { HasExited: false })
            _server.Kill();
        _server?.Dispose();
    }

    [Fact]
    public async Task A_reply_five_seconds_after_the_end_of_the_input_arrives()
    {
        string address = await ServeAsync(seconds: 5);
        using SockeyeProcess sockeye = SockeyeProcess.StartInShell("printf question | exec \"$0\" \"$@\"", "connect", address);

        Assert.Equal(ExitCodes.Done, await sockeye.EndAsync());
        Assert.Equal(["5 s after the end of question"], sockeye.Output.All);
        Assert.Empty(sockeye.Errors.All);
    }

    [Fact]
    public async Task Unless_it_is_told_not_to_wait_so_long()
    {
        string address = await ServeAsync(seconds: 3600);
        using SockeyeProcess sockeye = SockeyeProcess.StartInShell("printf question | exec \"$0\" \"$@\"", "connect", address, "--linger", "100ms");

        await sockeye.EndAsync();
        Assert.Empty(sockeye.Output.All);
    }

    private async Task<string> ServeAsync(int seconds)
    {
        _server = Process.Start(new ProcessStartInfo("python3", ["-c", Server, $"{seconds}"]) { RedirectStandardOutput = true })!;
        return $"tcp://127.0.0.1:{await _server.StandardOutput.ReadLineAsync().WaitAsync(Lines.Patience)}";
    }
}
