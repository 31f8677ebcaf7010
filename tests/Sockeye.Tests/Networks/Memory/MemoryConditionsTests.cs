using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Networks.Memory;

/// <summary>Delay, refusal, silence and resets, on a clock that the test moves.</summary>
public sealed class MemoryConditionsTests : MemoryTestBase
{
    private static readonly IPEndPoint Web = Ip("127.0.0.1:80");

    [Fact]
    public async Task A_handshake_takes_the_delay_twice()
    {
        Conditions.Delay = Milliseconds(50);
        using NetworkSocket listener = Listening(Web);
        using NetworkSocket client = Network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        Task connecting = client.ConnectAsync(Web).AsTask();
        Clock.Advance(Milliseconds(99));
        Assert.False(connecting.IsCompleted);
        Clock.Advance(Milliseconds(1));
        await Within(connecting);
        Assert.Equal(Milliseconds(100), client.HandshakeTime);

        // The third message makes it a connection for the listener.
        Assert.Equal(SocketError.WouldBlock, listener.TryAccept(out _));
        Clock.Advance(Milliseconds(50));
        Assert.Equal(SocketError.Success, listener.TryAccept(out _));
    }

    [Fact]
    public void Data_ends_and_resets_take_the_delay()
    {
        Conditions.Delay = Milliseconds(10);
        (NetworkSocket client, NetworkSocket server) = Connected();
        Send(client, "data");
        client.Shutdown(SocketShutdown.Send);
        Clock.Advance(Milliseconds(9));
        Assert.Equal("WouldBlock", Receive(server));
        Clock.Advance(Milliseconds(1));
        Assert.Equal(["data", ""], [Receive(server), Receive(server)]);
        server.Abort();
        Clock.Advance(Milliseconds(9));
        Assert.Equal("WouldBlock", Receive(client));
        Clock.Advance(Milliseconds(1));
        Assert.Equal("ConnectionReset", Receive(client));
    }

    [Fact]
    public void Datagrams_and_what_is_told_of_them_take_the_delay()
    {
        Conditions.Delay = Milliseconds(10);
        NetworkSocket receiver = Bound(Ip("127.0.0.1:9"));
        NetworkSocket sender = Socket(AddressFamily.InterNetwork, SocketType.Dgram);
        sender.Connect(receiver.LocalEndPoint!);
        Send(sender, "one");
        Clock.Advance(Milliseconds(9));
        Assert.Equal("WouldBlock", Receive(receiver));
        Clock.Advance(Milliseconds(1));
        Assert.Equal("one", Receive(receiver));
        receiver.Dispose();
        Send(sender, "two");
        Clock.Advance(Milliseconds(19));
        Assert.Equal("WouldBlock", Receive(sender));
        Clock.Advance(Milliseconds(1));
        Assert.Equal("ConnectionRefused", Receive(sender));
    }

    [Fact]
    public void A_refusal_takes_the_way_there_and_back()
    {
        Conditions.Delay = Milliseconds(10);
        NetworkSocket client = Socket(AddressFamily.InterNetwork);
        Assert.Equal(SocketError.InProgress, client.TryConnect(Web));
        Assert.Equal(SocketError.AlreadyInProgress, client.TryConnect(Web));
        Clock.Advance(Milliseconds(19));
        Assert.Equal(SocketError.Success, client.TakeError());
        Clock.Advance(Milliseconds(1));
        Assert.Equal(SocketError.ConnectionRefused, client.TakeError());
    }

    [Fact]
    public void A_shorter_delay_lets_nothing_overtake()
    {
        Conditions.Delay = Milliseconds(100);
        (NetworkSocket client, NetworkSocket server) = Connected();
        Send(client, "first ");
        Conditions.Delay = TimeSpan.Zero;
        Send(client, "second");
        Assert.Equal("WouldBlock", Receive(server));
        Clock.Advance(Milliseconds(100));
        Assert.Equal("first second", Receive(server));
        Send(client, "third");
        Assert.Equal("third", Receive(server));
    }

    [Fact]
    public void What_is_sent_as_something_is_due_comes_behind_it()
    {
        (NetworkSocket client, NetworkSocket server) = Connected();

        // Made before the network's own timer, so that it fires before it.
        using ITimer timer = Clock.CreateTimer(
            _ =>
            {
                Conditions.Delay = TimeSpan.Zero;
                Send(client, "second");
            },
            state: null,
            Milliseconds(10),
            Timeout.InfiniteTimeSpan);
        Conditions.Delay = Milliseconds(10);
        Send(client, "first ");
        Clock.Advance(Milliseconds(10));
        Assert.Equal("first second", Receive(server));
    }

    [Fact]
    public void A_client_that_has_gone_does_not_keep_who_waits_behind_it()
    {
        Conditions.Delay = Milliseconds(10);
        using NetworkSocket listener = Listening(Web, backlog: 1);
        NetworkSocket[] clients = [.. Enumerable.Range(0, 3).Select(_ => Socket(AddressFamily.InterNetwork))];
        foreach (NetworkSocket client in clients)
            client.TryConnect(Web);
        Clock.Advance(Milliseconds(30));
        clients[1].Dispose();
        Assert.Equal(SocketError.Success, listener.TryAccept(out _));
        Clock.Advance(Milliseconds(10));
        Assert.Equal(clients[2].RemoteEndPoint, Web);
    }

    [Fact]
    public void A_delay_shorter_than_a_millisecond_is_exact()
    {
        Conditions.Delay = TimeSpan.FromMicroseconds(3);
        (NetworkSocket client, NetworkSocket server) = Connected();
        Send(client, "x");
        Clock.Advance(TimeSpan.FromMicroseconds(2.9));
        Assert.Equal("WouldBlock", Receive(server));
        Clock.Advance(TimeSpan.FromMicroseconds(0.1));
        Assert.Equal("x", Receive(server));
        Assert.Throws<ArgumentOutOfRangeException>(() => Conditions.Delay = TimeSpan.FromTicks(-1));
    }

    [Fact]
    public void What_is_under_way_when_its_sender_closes_still_arrives()
    {
        Conditions.Delay = Milliseconds(10);
        (NetworkSocket client, NetworkSocket server) = Connected();
        Send(client, "last words");
        client.Dispose();
        Clock.Advance(Milliseconds(10));
        Assert.Equal(["last words", ""], [Receive(server), Receive(server)]);
    }

    [Fact]
    public void A_client_that_gives_up_leaves_its_place_in_the_backlog()
    {
        Conditions.Delay = Milliseconds(10);
        using NetworkSocket listener = Listening(Web, backlog: 1);
        NetworkSocket first = Socket(AddressFamily.InterNetwork);
        NetworkSocket second = Socket(AddressFamily.InterNetwork);
        first.TryConnect(Web);
        second.TryConnect(Web);
        Clock.Advance(Milliseconds(15));
        first.Dispose();
        Clock.Advance(Milliseconds(100));
        Assert.Equal(SocketError.Success, listener.TryAccept(out NetworkSocket? server));
        Assert.Equal(second.LocalEndPoint, server!.RemoteEndPoint);
    }

    [Fact]
    public void Refusing_is_as_if_nobody_listened_until_it_is_undone()
    {
        using NetworkSocket listener = Listening(Web);
        (NetworkSocket client, NetworkSocket server) = Connected(Ip("127.0.0.1:81"));
        IDisposable refusal = Conditions.Refuse(Web);
        Assert.Equal(SocketError.ConnectionRefused, Socket(AddressFamily.InterNetwork).TryConnect(Web));
        using IDisposable all = Conditions.Refuse(_ => true);
        refusal.Dispose();
        refusal.Dispose();
        Assert.Equal(SocketError.ConnectionRefused, Socket(AddressFamily.InterNetwork).TryConnect(Web));
        all.Dispose();
        Assert.Equal(SocketError.Success, Socket(AddressFamily.InterNetwork).TryConnect(Web));
        Send(client, "goes on");
        Assert.Equal("goes on", Receive(server));
    }

    [Fact]
    public void Refused_datagrams_are_told_of()
    {
        NetworkSocket receiver = Bound(Ip("127.0.0.1:9"));
        NetworkSocket sender = Socket(AddressFamily.InterNetwork, SocketType.Dgram);
        sender.Connect(receiver.LocalEndPoint!);
        using IDisposable refusal = Conditions.Refuse(Ip("127.0.0.1:9"));
        Send(sender, "x");
        Assert.Equal(["ConnectionRefused", "WouldBlock"], [Receive(sender), Receive(receiver)]);
        NetworkSocket unix = Bound(Name("/run/a"));
        using IDisposable name = Conditions.Refuse(Name("/run/a"));
        Fails(SocketError.ConnectionRefused, () => Socket(AddressFamily.Unix, SocketType.Dgram).SendTo(Bytes("x"), unix.LocalEndPoint!));
    }

    [Fact]
    public async Task A_silent_end_point_lets_a_connect_time_out()
    {
        using NetworkSocket listener = Listening(Web);
        using IDisposable silence = Conditions.Drop(Web);
        NetworkSocket client = Network.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        client.Timeout = TimeSpan.FromSeconds(3);
        Task connecting = client.ConnectAsync(Web).AsTask();
        Clock.Advance(Milliseconds(2999));
        Assert.False(connecting.IsCompleted);
        Clock.Advance(Milliseconds(1));
        Assert.IsType<SocketTimeoutException>(await FailsAsync(SocketError.TimedOut, () => connecting));
        Assert.Equal(SocketError.WouldBlock, listener.TryAccept(out _));
    }

    [Fact]
    public async Task A_name_whose_first_address_is_silent_is_reached_by_its_second()
    {
        Network.AddAddress(IPAddress.Parse("10.0.0.1"));
        Network.AddAddress(IPAddress.Parse("fd00::1"));
        Network.AddName("example.test", IPAddress.Parse("fd00::1"), IPAddress.Parse("10.0.0.1"));
        using IDisposable silence = Conditions.Drop(Ip("[fd00::1]:0"));
        await using Listener listener = await Network.ListenAsync("tcp://*:80");
        Task<Connection> connecting = Network.ConnectAsync("tcp://example.test:80").AsTask();
        while (!connecting.IsCompleted)
        {
            Clock.Advance(Milliseconds(50));
            await Task.Yield();
        }

        Connection client = await connecting;
        Assert.Equal("10.0.0.1:80", client.Socket!.RemoteEndPoint!.ToString());
        client.Abort();
    }

    [Fact]
    public void Silence_stalls_connections_and_they_go_on_in_order()
    {
        (NetworkSocket client, NetworkSocket server) = Connected(Web);
        IDisposable silence = Conditions.Drop(Web);
        Send(client, "one ");
        Send(client, "two");
        client.Shutdown(SocketShutdown.Send);
        Send(server, "back");
        Assert.Equal(["WouldBlock", "WouldBlock"], [Receive(client), Receive(server)]);
        silence.Dispose();
        Assert.Equal(["one two", "", "back"], [Receive(server), Receive(server), Receive(client)]);
    }

    [Fact]
    public void What_was_stalled_comes_before_what_is_under_way()
    {
        Conditions.Delay = Milliseconds(10);
        (NetworkSocket client, NetworkSocket server) = Connected(Web);
        IDisposable silence = Conditions.Drop(Web);
        Send(client, "one ");
        Clock.Advance(Milliseconds(10));
        Send(client, "two");
        Clock.Advance(Milliseconds(5));
        silence.Dispose();
        Assert.Equal("one ", Receive(server));
        Clock.Advance(Milliseconds(5));
        Assert.Equal("two", Receive(server));
    }

    [Fact]
    public void What_is_stalled_counts_for_the_bound()
    {
        (NetworkSocket client, _) = Connected(Web);
        using IDisposable silence = Conditions.Drop(Web);
        Assert.Equal(128 * 1024, Fill(client));
    }

    [Fact]
    public void Two_silences_both_must_end()
    {
        (NetworkSocket client, NetworkSocket server) = Connected(Web);
        IDisposable first = Conditions.Drop(Web);
        IDisposable second = Conditions.Drop(endPoint => endPoint is IPEndPoint);
        Send(client, "x");
        first.Dispose();
        Assert.Equal("WouldBlock", Receive(server));
        second.Dispose();
        Assert.Equal("x", Receive(server));
    }

    [Fact]
    public void Dropped_datagrams_vanish_and_are_counted()
    {
        NetworkSocket receiver = Bound(Ip("127.0.0.1:9"));
        NetworkSocket sender = Bound(Ip("127.0.0.1:10"));
        using (Conditions.Drop(sender.LocalEndPoint!))
            sender.SendTo(Bytes("lost"), receiver.LocalEndPoint!);
        sender.SendTo(Bytes("found"), receiver.LocalEndPoint!);
        Assert.Equal("found", Receive(receiver));
        Assert.Equal(1, Network.DatagramsDropped);
    }

    [Fact]
    public void Resetting_breaks_both_sides_of_the_connections_of_an_end_point()
    {
        Conditions.Delay = Milliseconds(10);
        (NetworkSocket client, NetworkSocket server) = Connected(Web);
        (NetworkSocket other, NetworkSocket otherServer) = Connected(Ip("127.0.0.1:81"));
        Send(server, "lost");
        Assert.Equal(1, Conditions.Reset(Web));
        Assert.Equal(["ConnectionReset", "ConnectionReset"], [Receive(client), Receive(server)]);
        Clock.Advance(Milliseconds(10));
        Assert.Equal("", Receive(client));
        Send(other, "whole");
        Clock.Advance(Milliseconds(10));
        Assert.Equal("whole", Receive(otherServer));
        Assert.Equal(0, Conditions.Reset(Web));
        Assert.Equal(1, Conditions.Reset(Ip("127.0.0.1:0")));
    }
}
