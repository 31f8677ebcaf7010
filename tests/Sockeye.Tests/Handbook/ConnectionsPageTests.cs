using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;

namespace Sockeye.Tests.Handbook;

public class ConnectionsPageTests : HandbookTests
{
    [Fact]
    public async Task Listen_and_connect()
    {
        CancellationToken stop = Stop;
        // snippet: 02 listen and connect
        await using Listener listener = await Network.Host.ListenAsync("tcp://127.0.0.1:0", cancellationToken: stop);
        Connection client = await Network.Host.ConnectAsync(listener.Address, cancellationToken: stop);
        Connection? server = await listener.AcceptAsync(stop);      // null once the listener was stopped
        // end snippet
        Assert.Equal(client.LocalEndPoint, server!.RemoteEndPoint);
        client.Abort();
        server.Abort();
    }

    [Fact]
    public async Task Reading_and_half_close()
    {
        CancellationToken stop = Stop;
        (Connection client, Connection connection) = await ConnectAsync();
        Task serving = EchoAsync(connection, stop);
        StringBuilder text = new();
        // snippet: 02 half-close
        await client.WriteAsync("that is all"u8.ToArray(), stop);
        await client.Output.CompleteAsync();                        // FIN: no more comes from here
        using StreamReader reader = new(client.AsStream());
        text.Append(await reader.ReadToEndAsync(stop));             // and the answer still arrives
        // end snippet
        Assert.Equal("that is all", text.ToString());
        await serving;
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_peer_that_does_not_read_stops_the_writer()
    {
        CancellationToken stop = Stop;
        (Connection client, Connection server) = await ConnectAsync();
        bool isStuck = false;
        // snippet: 02 backpressure
        byte[] chunk = new byte[64 * 1024];
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(TimeSpan.FromMilliseconds(200));
        try
        {
            while (true)
                await client.WriteAsync(chunk, patience.Token);     // ends at once while the network takes it; then it waits: the peer does not read
        }
        catch (OperationCanceledException)
        {
            isStuck = true;                                         // the wait was given up; what was not sent stays for the next flush
        }
        // end snippet
        Assert.True(isStuck);
        Assert.InRange(client.BytesSent, 0, 64 * 1024 * 1024);
        client.Abort();
        server.Abort();
    }

    [Fact]
    public async Task Closing_with_unread_input_at_the_socket_resets()
    {
        (Connection client, Connection server) = await ConnectAsync();
        NetworkSocket socket = client.Detach().Socket, peer = server.Detach().Socket;
        SocketError error = SocketError.Success;
        // snippet: 02 unread input
        peer.SendAll("a question nobody reads"u8);
        Network.Host.Poll([new SocketPoll(socket, SocketEvents.Readable)]);
        socket.SendAll("the answer"u8);
        socket.Dispose();                           // unread input: TCP resets
        try
        {
            while (peer.Receive(new byte[4]) > 0)
            {
            }
        }
        catch (SocketException e)
        {
            error = e.SocketErrorCode;              // ConnectionReset
        }
        // end snippet
        Assert.Equal(SocketError.ConnectionReset, error);
        peer.Dispose();
    }

    [Fact]
    public async Task Closing_a_connection_loses_nothing()
    {
        CancellationToken stop = Stop;
        (Connection client, Connection server) = await ConnectAsync();
        await client.WriteAsync("a question nobody reads"u8.ToArray(), stop);
        // snippet: 02 closing
        await server.WriteAsync("the answer"u8.ToArray(), stop);
        Task closing = server.DisposeAsync().AsTask();      // FIN, then reads and drops what still comes

        using StreamReader reader = new(client.AsStream());
        string answer = await reader.ReadToEndAsync(stop);  // whole, and an orderly end
        await client.DisposeAsync();
        await closing;                                      // the peer has ended too
        // end snippet
        Assert.Equal("the answer", answer);
    }

    [Fact]
    public async Task Abort()
    {
        CancellationToken stop = Stop;
        (Connection connection, Connection server) = await ConnectAsync();
        // snippet: 02 abort
        connection.Abort(new TimeoutException("no request within a minute"));   // RST; reads and writes under way throw this
        // end snippet
        await Assert.ThrowsAsync<TimeoutException>(async () => await connection.Input.ReadAsync(stop));
        SocketException e = await Assert.ThrowsAsync<SocketException>(async () => await server.Input.ReadAsync(stop));
        Assert.Equal(SocketError.ConnectionReset, e.SocketErrorCode);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Detach()
    {
        CancellationToken stop = Stop;
        (Connection connection, Connection peer) = await ConnectAsync();
        await peer.WriteAsync("abc"u8.ToArray(), stop);
        ReadResult result = await connection.Input.ReadAsync(stop);
        connection.Input.AdvanceTo(result.Buffer.GetPosition(1));
        // snippet: 02 detach
        (NetworkSocket socket, ReadOnlyMemory<byte> unread) = connection.Detach();
        // end snippet
        Assert.Equal("bc", Encoding.UTF8.GetString(unread.Span));
        socket.Dispose();
        await peer.DisposeAsync();
    }

    // snippet: 02 echo
    private static async Task EchoAsync(Connection connection, CancellationToken stop)
    {
        while (true)
        {
            ReadResult result = await connection.Input.ReadAsync(stop);
            foreach (ReadOnlyMemory<byte> part in result.Buffer)
                await connection.WriteAsync(part, stop);
            connection.Input.AdvanceTo(result.Buffer.End);          // consumed: all of it
            if (result.IsCompleted)                                 // the peer has ended its side
                break;
        }

        await connection.DisposeAsync();
    }
    // end snippet
}
