using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Networks.Memory;

/// <summary>How streams begin, fill, end and break.</summary>
public sealed class MemoryStreamTests : MemoryTestBase
{
    [Fact]
    public void Both_sides_know_each_other()
    {
        using NetworkSocket listener = Listening(Ip("0.0.0.0:80"));
        using NetworkSocket client = Socket(AddressFamily.InterNetwork);
        Assert.Null(client.LocalEndPoint);
        Assert.Equal(SocketError.Success, client.TryConnect(Ip("127.0.0.9:80")));
        Assert.Equal(SocketError.Success, listener.TryAccept(out NetworkSocket? server));
        Assert.Equal(Ip("127.0.0.1:49152"), client.LocalEndPoint);
        Assert.Equal(Ip("127.0.0.9:80"), client.RemoteEndPoint);
        Assert.Equal(client.LocalEndPoint, server!.RemoteEndPoint);
        Assert.Equal(client.RemoteEndPoint, server.LocalEndPoint);
        server.Dispose();
    }

    [Fact]
    public void A_direction_is_bounded_by_both_buffers()
    {
        (NetworkSocket client, NetworkSocket server) = Connected();
        (client.SendBufferSize, server.ReceiveBufferSize) = (3000, 2500);
        Assert.Equal(5500, Fill(client));
        Assert.Equal(SocketEvents.None, Poll(client, SocketEvents.Writable));
        Assert.Equal(SocketError.Success, server.TryReceive(new byte[7], out _));
        Assert.Equal(SocketEvents.Writable, Poll(client, SocketEvents.Writable));
        Assert.Equal(SocketError.Success, client.TrySend(new byte[100], out int count));
        Assert.Equal(7, count);
    }

    [Fact]
    public void The_default_bound_is_128_KiB_a_direction()
    {
        (NetworkSocket client, _) = Connected();
        Assert.Equal(128 * 1024, Fill(client));
    }

    [Fact]
    public void Bytes_under_way_count_for_the_bound()
    {
        Conditions.Delay = Milliseconds(10);
        (NetworkSocket client, NetworkSocket server) = Connected();
        (client.SendBufferSize, server.ReceiveBufferSize) = (1000, 1000);
        Assert.Equal(2000, Fill(client));
        Clock.Advance(Milliseconds(10));
        Assert.Equal(0, Fill(client));
        Assert.Equal(1024, Receive(server).Length);
        Assert.Equal(1024, Fill(client));
    }

    [Fact]
    public async Task Room_wakes_a_sender_that_waits()
    {
        (NetworkSocket client, NetworkSocket server) = Connected();
        Fill(client);
        client.Timeout = null;
        Task<int> sending = client.SendAsync(Bytes("more")).AsTask();
        Assert.False(sending.IsCompleted);
        Receive(server);
        Assert.Equal(4, await Within(sending));
    }

    [Fact]
    public void Unread_input_makes_a_close_a_reset_that_flushes_the_peers_input()
    {
        (NetworkSocket client, NetworkSocket server) = Connected();
        Send(server, "lost");
        Send(client, "unread");
        server.Dispose();
        Assert.Equal(SocketEvents.Readable | SocketEvents.Writable | SocketEvents.Error | SocketEvents.HangUp, Poll(client, SocketEvents.Readable | SocketEvents.Writable));
        Assert.Equal(["ConnectionReset", ""], [Receive(client), Receive(client)]);
        Assert.Equal(SocketError.Shutdown, Send(client, "x"));
        Fails(SocketError.NotConnected, () => client.Shutdown(SocketShutdown.Send));
    }

    [Fact]
    public void A_reset_after_the_end_loses_nothing()
    {
        (NetworkSocket client, NetworkSocket server) = Connected();
        Send(server, "all");
        server.Shutdown(SocketShutdown.Send);
        server.Abort();
        Assert.Equal(["all", ""], [Receive(client), Receive(client)]);
    }

    [Fact]
    public void Data_for_a_peer_that_has_closed_is_answered_by_a_reset()
    {
        (NetworkSocket client, NetworkSocket server) = Connected();
        server.Dispose();
        Assert.Equal(SocketError.Success, Send(client, "x"));
        Assert.Equal(SocketError.Shutdown, client.TakeError());
        Assert.Equal(SocketError.Shutdown, Send(client, "y"));
        Assert.Equal("", Receive(client));
    }

    [Fact]
    public void A_Unix_peer_that_has_closed_takes_nothing()
    {
        (NetworkSocket client, NetworkSocket server) = Connected(Name("/run/a"));
        Send(server, "rest");
        server.Dispose();
        Assert.Equal(SocketError.Shutdown, Send(client, "x"));
        Assert.Equal(["rest", ""], [Receive(client), Receive(client)]);
        Assert.Equal(SocketEvents.HangUp, Poll(client, SocketEvents.None));
    }

    [Fact]
    public void A_Unix_close_with_unread_input_is_a_reset_after_the_last_byte()
    {
        (NetworkSocket client, NetworkSocket server) = Connected(Name("/run/a"));
        Send(server, "rest");
        Send(client, "unread");
        server.Dispose();
        Assert.Equal(["rest", "ConnectionReset", ""], [Receive(client), Receive(client), Receive(client)]);
    }

    [Fact]
    public void Receiving_can_be_shut_down()
    {
        (NetworkSocket client, NetworkSocket server) = Connected();
        Send(client, "before");
        server.Shutdown(SocketShutdown.Receive);
        Assert.Equal(SocketError.Success, Send(client, "after"));
        Assert.Equal(["before", ""], [Receive(server), Receive(server)]);
        (client, server) = Connected(Name("/run/a"));
        server.Shutdown(SocketShutdown.Receive);
        Assert.Equal(SocketError.Shutdown, Send(client, "x"));
    }

    [Fact]
    public void Peeking_leaves_the_bytes()
    {
        (NetworkSocket client, NetworkSocket server) = Connected();
        Send(client, "look");
        Assert.Equal(["look", "look", "WouldBlock"], [Receive(server, SocketFlags.Peek), Receive(server), Receive(server)]);
    }

    [Fact]
    public void The_last_byte_sent_as_urgent_is_beside_the_stream()
    {
        (NetworkSocket client, NetworkSocket server) = Connected();
        Assert.Equal("WouldBlock", Receive(server, SocketFlags.OutOfBand));
        Send(client, "abc");
        Assert.Equal(SocketError.Success, client.TrySend(Bytes("de!"), out int count, SocketFlags.OutOfBand));
        Assert.Equal(3, count);
        Assert.Equal(SocketEvents.Priority, Poll(server, SocketEvents.Priority));
        Assert.Equal(["!", "!", "abcde"], [Receive(server, SocketFlags.OutOfBand | SocketFlags.Peek), Receive(server, SocketFlags.OutOfBand), Receive(server)]);
        Assert.Equal(SocketEvents.None, Poll(server, SocketEvents.Priority));
        server.OutOfBandInline = true;
        client.TrySend(Bytes("f?"), out _, SocketFlags.OutOfBand);
        Assert.Equal(["InvalidArgument", "f?"], [Receive(server, SocketFlags.OutOfBand), Receive(server)]);
        Assert.Equal(SocketError.OperationNotSupported, Network.CreatePair().First.TrySend(Bytes("x"), out _, SocketFlags.OutOfBand));
    }

    [Fact]
    public async Task The_end_wakes_who_waits_for_an_urgent_byte()
    {
        (NetworkSocket client, NetworkSocket server) = Connected();
        server.Timeout = null;
        Task<int> receiving = server.ReceiveAsync(new byte[1], SocketFlags.OutOfBand).AsTask();
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await Within(receiving));
    }

    [Fact]
    public void SEQPACKET_keeps_messages_and_tells_its_end_by_a_hang_up()
    {
        (NetworkSocket client, NetworkSocket server) = Connected(Name("/run/a"), SocketType.Seqpacket);
        Send(client, "one");
        Send(client, "");
        Send(client, "three");
        Assert.Equal(["one", ""], [Receive(server), Receive(server)]);
        Assert.Equal(SocketError.Success, server.TryReceiveFrom(new byte[2], out DatagramResult result));
        Assert.Equal(new DatagramResult(2, Truncated: true), result);
        Assert.Equal("WouldBlock", Receive(server));
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(SocketEvents.Readable | SocketEvents.HangUp, Poll(server, SocketEvents.Readable));
        Assert.Equal(SocketError.MessageSize, client.Network.CreatePair(SocketType.Seqpacket).First.TrySend(new byte[70_000], out _));
    }

    [Fact]
    public void A_full_backlog_makes_a_connect_wait()
    {
        using NetworkSocket listener = Listening(Ip("127.0.0.1:80"), backlog: 2);
        NetworkSocket[] clients = [.. Enumerable.Range(0, 4).Select(_ => Socket(AddressFamily.InterNetwork))];
        Assert.Equal(
            [SocketError.Success, SocketError.Success, SocketError.InProgress, SocketError.InProgress],
            clients.Select(client => client.TryConnect(listener.LocalEndPoint!)));
        clients[2].Dispose();
        Assert.Equal(SocketError.Success, listener.TryAccept(out _));
        Assert.Equal(SocketEvents.Writable, Poll(clients[3], SocketEvents.Writable));
        Assert.Equal(SocketError.Success, clients[3].TakeError());
    }

    [Fact]
    public void A_listener_that_closes_refuses_who_waits_and_resets_who_came()
    {
        NetworkSocket listener = Listening(Ip("127.0.0.1:80"), backlog: 1);
        NetworkSocket came = Socket(AddressFamily.InterNetwork);
        NetworkSocket waits = Socket(AddressFamily.InterNetwork);
        came.TryConnect(listener.LocalEndPoint!);
        waits.TryConnect(listener.LocalEndPoint!);
        listener.Dispose();
        Assert.Equal("ConnectionReset", Receive(came));
        Assert.Equal(SocketError.ConnectionRefused, waits.TakeError());
    }

    [Fact]
    public void A_full_Unix_backlog_refuses()
    {
        using NetworkSocket listener = Listening(Name("/run/a"), backlog: 1);
        Assert.Equal(SocketError.Success, Socket(AddressFamily.Unix).TryConnect(Name("/run/a")));
        Assert.Equal(SocketError.ConnectionRefused, Socket(AddressFamily.Unix).TryConnect(Name("/run/a")));
    }

    [Fact]
    public void After_a_refusal_a_socket_may_try_again()
    {
        NetworkSocket client = Socket(AddressFamily.InterNetwork);
        Assert.Equal(SocketError.ConnectionRefused, client.TryConnect(Ip("127.0.0.1:80")));
        Assert.Null(client.LocalEndPoint);
        using NetworkSocket listener = Listening(Ip("127.0.0.1:80"));
        Assert.Equal(SocketError.Success, client.TryConnect(Ip("127.0.0.1:80")));
    }

    [Fact]
    public void What_Unix_names_lead_to()
    {
        Assert.Equal(SocketError.AddressNotAvailable, Socket(AddressFamily.Unix).TryConnect(Name("/run/none")));
        Assert.Equal(SocketError.ConnectionRefused, Socket(AddressFamily.Unix).TryConnect(Name("\0none")));
        Bound(Name("/run/dgram"));
        Assert.Equal(SocketError.ProtocolType, Socket(AddressFamily.Unix).TryConnect(Name("/run/dgram")));
        Bound(Name("/run/deaf"), SocketType.Stream);
        Assert.Equal(SocketError.ConnectionRefused, Socket(AddressFamily.Unix).TryConnect(Name("/run/deaf")));
    }

    [Fact]
    public void Accepted_sockets_have_their_listeners_options()
    {
        using NetworkSocket listener = Listening(Ip("127.0.0.1:80"));
        (listener.NoDelay, listener.KeepAlive, listener.ReceiveBufferSize) = (true, true, 777);
        Socket(AddressFamily.InterNetwork).TryConnect(listener.LocalEndPoint!);
        listener.TryAccept(out NetworkSocket? server);
        Assert.Equal((true, true, 777), (server!.NoDelay, server.KeepAlive, server.ReceiveBufferSize));
    }

    private static SocketEvents Poll(NetworkSocket socket, SocketEvents events)
    {
        SocketPoll[] items = [new(socket, events)];
        socket.Network.Poll(items, TimeSpan.Zero);
        return items[0].Found;
    }
}
