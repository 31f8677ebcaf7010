using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Networks.Memory;

/// <summary>UDP and Unix datagrams: whom they reach, what is lost, and what is told.</summary>
public sealed class MemoryDatagramTests : MemoryTestBase
{
    [Fact]
    public void A_datagram_names_its_sender()
    {
        NetworkSocket receiver = Bound(Ip("0.0.0.0:9"));
        NetworkSocket sender = Socket(AddressFamily.InterNetwork, SocketType.Dgram);
        sender.SendTo(Bytes("hi"), Ip("127.0.0.5:9"));
        Assert.Equal("hi from 127.0.0.1:49152", ReceiveFrom(receiver));
        Assert.Equal("0.0.0.0:49152", sender.LocalEndPoint!.ToString());
        NetworkSocket dual = Bound(Ip("[::]:10"));
        sender.SendTo(Bytes("hi"), Ip("127.0.0.1:10"));
        Assert.Equal("hi from [::ffff:127.0.0.1]:49152", ReceiveFrom(dual));
        dual.SendTo(Bytes("back"), Ip("127.0.0.1:49152"));
        Assert.Equal("back from 127.0.0.1:10", ReceiveFrom(sender));
    }

    [Fact]
    public void A_connected_socket_hears_its_peer_only()
    {
        NetworkSocket server = Bound(Ip("127.0.0.1:9"));
        NetworkSocket client = Socket(AddressFamily.InterNetwork, SocketType.Dgram);
        client.Connect(server.LocalEndPoint!);
        Bound(Ip("127.0.0.1:10")).SendTo(Bytes("stranger"), client.LocalEndPoint!);
        server.SendTo(Bytes("friend"), client.LocalEndPoint!);
        Assert.Equal("friend from 127.0.0.1:9", ReceiveFrom(client));
        Assert.Equal("WouldBlock", ReceiveFrom(client));
    }

    [Fact]
    public void A_connected_sender_is_told_that_nobody_is_there()
    {
        NetworkSocket client = Socket(AddressFamily.InterNetwork, SocketType.Dgram);
        client.Connect(Ip("127.0.0.1:9"));
        Assert.Equal(SocketError.Success, Send(client, "x"));
        Assert.Equal("ConnectionRefused", Receive(client));
        Assert.Equal(SocketError.Success, Send(client, "x"));
        Assert.Equal(SocketError.ConnectionRefused, Send(client, "x"));
        NetworkSocket loose = Socket(AddressFamily.InterNetwork, SocketType.Dgram);
        loose.SendTo(Bytes("x"), Ip("127.0.0.1:9"));
        Assert.Equal("WouldBlock", Receive(loose));
    }

    [Fact]
    public void What_finds_no_room_is_lost_and_counted()
    {
        NetworkSocket receiver = Bound(Ip("127.0.0.1:9"));
        receiver.ReceiveBufferSize = 1000;
        NetworkSocket sender = Socket(AddressFamily.InterNetwork, SocketType.Dgram);
        for (int i = 0; i < 5; i++)
            sender.SendTo(new byte[400], receiver.LocalEndPoint!);
        Assert.Equal(2, Network.DatagramsDropped);
        Assert.Equal([400, 400, 400], Enumerable.Range(0, 3).Select(_ => Receive(receiver).Length));
        Assert.Equal("WouldBlock", Receive(receiver));
    }

    [Fact]
    public void Even_empty_datagrams_are_bounded()
    {
        NetworkSocket receiver = Bound(Ip("127.0.0.1:9"));
        receiver.ReceiveBufferSize = 640;
        NetworkSocket sender = Socket(AddressFamily.InterNetwork, SocketType.Dgram);
        for (int i = 0; i < 12; i++)
            sender.SendTo([], receiver.LocalEndPoint!);
        Assert.Equal(2, Network.DatagramsDropped);
    }

    [Fact]
    public void The_longest_datagram_has_65507_bytes_on_IPv4()
    {
        NetworkSocket receiver = Bound(Ip("127.0.0.1:9"));
        NetworkSocket sender = Socket(AddressFamily.InterNetwork, SocketType.Dgram);
        Assert.Equal(65507, sender.SendTo(new byte[65507], receiver.LocalEndPoint!));
        Fails(SocketError.MessageSize, () => sender.SendTo(new byte[65508], receiver.LocalEndPoint!));
        Assert.Equal(SocketError.Success, receiver.TryReceiveFrom(new byte[5], out DatagramResult result));
        Assert.Equal(new DatagramResult(5, Truncated: true), result);
    }

    [Theory]
    [InlineData("255.255.255.255")]
    [InlineData("127.255.255.255")]
    public void A_broadcast_reaches_all_at_the_port_and_needs_the_option(string address)
    {
        NetworkSocket[] hearers = [.. Enumerable.Range(0, 2).Select(_ => Socket(AddressFamily.InterNetwork, SocketType.Dgram))];
        foreach (NetworkSocket hearer in hearers)
        {
            hearer.ReuseAddress = true;
            hearer.Bind(Ip("0.0.0.0:9"));
        }

        NetworkSocket other = Bound(Ip("127.0.0.1:10"));
        NetworkSocket sender = Socket(AddressFamily.InterNetwork, SocketType.Dgram);
        IPEndPoint all = new(IPAddress.Parse(address), 9);
        Fails(SocketError.AccessDenied, () => sender.SendTo(Bytes("all"), all));
        sender.Broadcast = true;
        sender.SendTo(Bytes("all"), all);
        Assert.Equal(["all", "all", "WouldBlock"], [Receive(hearers[0]), Receive(hearers[1]), Receive(other)]);
    }

    [Theory]
    [InlineData("239.1.2.3", "0.0.0.0:9")]
    [InlineData("ff02::99", "[::]:9")]
    public void A_group_reaches_its_members(string group, string local)
    {
        IPAddress address = IPAddress.Parse(group);
        NetworkSocket[] hearers = [.. Enumerable.Range(0, 3).Select(_ => Socket(address.AddressFamily, SocketType.Dgram))];
        foreach (NetworkSocket hearer in hearers)
        {
            hearer.ReuseAddress = true;
            hearer.Bind(Ip(local));
            hearer.JoinMulticastGroup(address);
        }

        hearers[2].LeaveMulticastGroup(address);
        NetworkSocket sender = Socket(address.AddressFamily, SocketType.Dgram);
        sender.SendTo(Bytes("members"), new IPEndPoint(address, 9));
        Assert.Equal(["members", "members", "WouldBlock"], hearers.Select(hearer => Receive(hearer)));
        sender.MulticastLoopback = false;
        sender.SendTo(Bytes("nobody"), new IPEndPoint(address, 9));
        Assert.Equal("WouldBlock", Receive(hearers[0]));
        Fails(SocketError.AddressAlreadyInUse, () => hearers[0].JoinMulticastGroup(address));
        Fails(SocketError.AddressNotAvailable, () => hearers[2].LeaveMulticastGroup(address));
    }

    [Fact]
    public void Unix_datagrams_to_nobody_fail_at_once()
    {
        NetworkSocket sender = Socket(AddressFamily.Unix, SocketType.Dgram);
        Fails(SocketError.AddressNotAvailable, () => sender.SendTo(Bytes("x"), Name("/run/none")));
        Fails(SocketError.ConnectionRefused, () => sender.SendTo(Bytes("x"), Name("\0none")));
        Assert.Equal(SocketError.NotConnected, Send(sender, "x"));
        Fails(SocketError.MessageSize, () => sender.SendTo(new byte[300_000], Bound(Name("/run/a")).LocalEndPoint!));
    }

    [Fact]
    public async Task A_full_Unix_receiver_makes_its_sender_wait()
    {
        NetworkSocket receiver = Bound(Name("/run/a"));
        NetworkSocket sender = Bound(Name("/run/b"));
        receiver.ReceiveBufferSize = 1000;
        int sent = 0;
        SocketAddress to = receiver.LocalEndPoint!.Serialize();
        while (sender.TrySendTo(new byte[300], to, out _) == SocketError.Success)
            sent++;
        Assert.Equal(3, sent);
        sender.Timeout = null;
        Task<int> sending = sender.SendToAsync(Bytes("last"), to).AsTask();
        Assert.False(sending.IsCompleted);
        Receive(receiver);
        Assert.Equal(4, await Within(sending));
        Assert.Equal(0, Network.DatagramsDropped);
    }

    [Fact]
    public async Task Senders_of_one_Unix_socket_wait_for_their_own_receivers()
    {
        NetworkSocket sender = Bound(Name("/run/sender"));
        NetworkSocket[] receivers = [Bound(Name("/run/one")), Bound(Name("/run/two"))];
        List<Task<int>> sending = [];
        foreach (NetworkSocket receiver in receivers)
        {
            receiver.ReceiveBufferSize = 1000;
            SocketAddress to = receiver.LocalEndPoint!.Serialize();
            while (sender.TrySendTo(new byte[300], to, out _) == SocketError.Success)
            {
            }

            sender.Timeout = null;
            sending.Add(sender.SendToAsync(Bytes("last"), to).AsTask());
        }

        Receive(receivers[0]);
        Assert.Equal(4, await Within(sending[0]));
        Assert.False(sending[1].IsCompleted);
        Receive(receivers[1]);
        Assert.Equal(4, await Within(sending[1]));
    }

    [Fact]
    public async Task A_poll_of_a_Unix_sender_waits_for_its_peers_room()
    {
        (NetworkSocket first, NetworkSocket second) = Network.CreatePair(SocketType.Dgram);
        second.ReceiveBufferSize = first.ReceiveBufferSize = 500;
        first.Send(new byte[500]);
        Task<int> polling = Network.PollAsync(new SocketPoll[] { new(first, SocketEvents.Writable) }).AsTask();
        Assert.False(polling.IsCompleted);
        second.Receive(new byte[10]);
        Assert.Equal(1, await Within(polling));
        second.Dispose();
        Assert.Equal(SocketError.ConnectionRefused, Send(first, "x"));
    }

    [Fact]
    public void A_connected_Unix_socket_takes_from_its_peer_only()
    {
        NetworkSocket server = Bound(Name("/run/s"));
        NetworkSocket client = Bound(Name("/run/c"));
        client.Connect(server.LocalEndPoint!);
        Fails(SocketError.AccessDenied, () => Bound(Name("/run/x")).SendTo(Bytes("x"), client.LocalEndPoint!));
        server.SendTo(Bytes("friend"), client.LocalEndPoint!);
        Assert.Equal("friend from /run/s", ReceiveFrom(client));
    }

    [Fact]
    public void Datagrams_under_way_are_bounded_by_the_senders_buffer()
    {
        Conditions.Delay = Milliseconds(10);
        NetworkSocket receiver = Bound(Ip("127.0.0.1:9"));
        NetworkSocket sender = Socket(AddressFamily.InterNetwork, SocketType.Dgram);
        sender.SendBufferSize = 1000;
        sender.Connect(receiver.LocalEndPoint!);
        int sent = 0;
        while (sender.TrySend(new byte[300], out _) == SocketError.Success)
            sent++;
        Assert.Equal(3, sent);
        Clock.Advance(Milliseconds(10));
        Assert.Equal(SocketError.Success, Send(sender, "x"));
    }
}
