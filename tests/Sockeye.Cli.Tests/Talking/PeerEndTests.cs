using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Sockeye.Cli.Tests.Serving;
using Sockeye.Cli.Tests.Tapping;

namespace Sockeye.Cli.Tests.Talking;

/// <summary>What whoever types is told of the peer's end, which nothing on the screen shows; and that a script is told nothing.</summary>
public sealed class PeerEndTests : IDisposable
{
    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Pipe _input = new();

    public PeerEndTests()
    {
        _server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _server.Listen();
    }

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task Whoever_types_is_told_once_that_the_peer_has_ended()
    {
        await using RunningCommand connect = Connect(isTerminal: true);
        using Socket peer = await _server.AcceptAsync().WaitAsync(Lines.Patience);
        await peer.SayAsync("welcome\n");
        peer.Shutdown(SocketShutdown.Send);
        await connect.Error.FindAsync($"tcp://{_server.LocalEndPoint}: the peer has ended its side: Ctrl-D ends ours");

        await _input.Writer.WriteAsync("still\n"u8.ToArray());
        Assert.Equal("still\n", await peer.HearAsync("still\n"));
        await _input.Writer.CompleteAsync();
        Assert.Equal(ExitCodes.Done, await connect.EndAsync());
        Assert.Single(connect.Error.All);
    }

    [Fact]
    public async Task Whoever_has_ended_before_needs_no_word()
    {
        await using RunningCommand connect = Connect(isTerminal: true);
        using Socket peer = await _server.AcceptAsync().WaitAsync(Lines.Patience);
        await _input.Writer.CompleteAsync();
        Assert.Equal("", await peer.HearAllAsync());
        peer.Shutdown(SocketShutdown.Send);
        Assert.Equal(ExitCodes.Done, await connect.EndAsync());
        Assert.Empty(connect.Error.All);
    }

    [Fact]
    public async Task A_script_is_told_nothing()
    {
        await using RunningCommand connect = Connect(isTerminal: false);
        using Socket peer = await _server.AcceptAsync().WaitAsync(Lines.Patience);
        peer.Shutdown(SocketShutdown.Send);
        await _input.Writer.CompleteAsync();
        Assert.Equal(ExitCodes.Done, await connect.EndAsync());
        Assert.Empty(connect.Error.All);
    }

    private RunningCommand Connect(bool isTerminal) => RunningCommand.Start(
        environment => environment with { IsInputTerminal = isTerminal, OpenInput = () => _input.Reader.AsStream(), OpenOutput = () => new MemoryStream() },
        "connect", $"tcp://{_server.LocalEndPoint}");
}
