using System.Net.Sockets;
using Sockeye.Tests.Serving;
using Sockeye.Tests.Sockets;

namespace Sockeye.Tests.Connections;

/// <summary>Errors that accept(2) hands to the listener.</summary>
public class SocketListenerTests
{
    [Theory]
    [InlineData(SocketError.ConnectionAborted)]
    [InlineData(SocketError.NetworkDown)]
    [InlineData(SocketError.ProtocolOption)]
    public async Task One_connections_own_error_is_passed_over(SocketError error)
    {
        AcceptingSocket socket = new(error, SocketError.Success);
        await using SocketListener listener = Listen(socket);
        Connection? connection = await listener.AcceptAsync().Within();
        connection!.Abort();
    }

    [Fact]
    public async Task A_forbidden_connection_is_no_error_and_the_next_one_is_taken()
    {
        AcceptingSocket socket = new(SocketError.AccessDenied, SocketError.Success);
        await using SocketListener listener = Listen(socket);
        Task<Connection?> accepting = listener.AcceptAsync().AsTask();
        Assert.False(accepting.IsCompleted);

        socket.Readiness.Signal(SocketEvents.Readable);

        (await accepting.Within())!.Abort();
    }

    [Fact]
    public async Task An_error_of_the_listener_itself_is_thrown()
    {
        AcceptingSocket socket = new(SocketError.TooManyOpenSockets);
        await using SocketListener listener = Listen(socket);
        await Assert.ThrowsAsync<SocketException>(async () => await listener.AcceptAsync());
    }

    private static SocketListener Listen(AcceptingSocket socket) => new(socket.Network, "tcp://192.0.2.1:80", [socket], new ListenerOptions());

    private sealed class AcceptingSocket(params SocketError[] results) : StubSocket(new MemoryNetwork())
    {
        private readonly Queue<SocketError> _results = new(results);

        protected internal override SocketError TryAcceptCore(out NetworkSocket? socket)
        {
            SocketError error = _results.TryDequeue(out SocketError next) ? next : SocketError.WouldBlock;
            socket = error == SocketError.Success ? new StubSocket(Network) : null;
            return error;
        }
    }
}
