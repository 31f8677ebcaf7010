using System.Net.Sockets;
using Sockeye.Cli.Tests.Serving;

namespace Sockeye.Cli.Tests.Programs;

/// <summary>Whoever presses Ctrl-C twice has a program that ended, and no file of a Unix socket.</summary>
public sealed class SecondSignalTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("unix")]
    [InlineData("unix-seqpacket")]
    public async Task Relay_with_a_connection_that_does_not_end(string scheme)
    {
        using Socket target = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        target.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        target.Listen();
        using SockeyeProcess sockeye = SockeyeProcess.Start("relay", "tcp://127.0.0.1:0", $"{scheme}://{_path}", $"tcp://{target.LocalEndPoint}", "--drain", "1h");
        Address address = await sockeye.ListensAsync();
        await sockeye.Errors.FindAsync("listening on ", scheme + "://");
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(address.EndPoint);
        using Socket served = await target.AcceptAsync();
        await served.SayAsync("hello\n");
        Assert.Equal("hello\n", await client.HearAsync("hello\n"));

        sockeye.Signal(SockeyeProcess.Interrupt);
        await sockeye.Errors.FindAsync("stopping, with 1 connection open");

        Assert.Equal(ExitCodes.Interrupted, await InterruptUntilItEndsAsync(sockeye));
        Assert.False(File.Exists(_path));
    }

    /// <summary>A listener ends so soon after the first that the second may come too late to be one.</summary>
    [Theory]
    [InlineData("unix", "--keep-open")]
    [InlineData("unix-seqpacket", "--keep-open")]
    [InlineData("unix-dgram")]
    public async Task Listen(string scheme, params string[] options)
    {
        using SockeyeProcess sockeye = SockeyeProcess.Start(["listen", $"{scheme}://{_path}", .. options]);
        await sockeye.Errors.FindAsync("listening on ", scheme + "://");
        Assert.True(File.Exists(_path));

        Assert.Contains(await InterruptUntilItEndsAsync(sockeye), new[] { ExitCodes.Done, ExitCodes.Interrupted });
        Assert.False(File.Exists(_path));
    }

    private static async Task<int> InterruptUntilItEndsAsync(SockeyeProcess sockeye)
    {
        Task<int> end = sockeye.EndAsync();
        while (!end.IsCompleted)
            sockeye.Signal(SockeyeProcess.Interrupt); // the first of these may come too soon to be a second wish
        return await end;
    }
}
