using System.Net.Sockets;

namespace Sockeye.Tests.Conformance;

/// <summary>Waiting for one of several sockets without moving data: select and poll.</summary>
public abstract class PollConformance(NetworkFixture fixture) : ConformanceTests(fixture)
{
    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task With_zero_a_poll_only_looks(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        SocketPoll[] items = [new(server, SocketEvents.Readable)];
        Assert.Equal(0, await Fixture.Server.PollAsync(items, TimeSpan.Zero));
        Assert.Equal(0, Fixture.Server.Poll(items, TimeSpan.Zero));
        Assert.Equal(SocketEvents.None, items[0].Found);
        await client.SendTextAsync("x");
        await server.UntilAsync(SocketEvents.Readable);
        Assert.Equal(1, Fixture.Server.Poll(items, TimeSpan.Zero));
        Assert.Equal(SocketEvents.Readable, items[0].Found);
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task A_poll_wakes_when_data_comes_and_takes_none(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        SocketPoll[] items = [new(server, SocketEvents.Readable)];
        Task<int> polling = Fixture.Server.PollAsync(items).AsTask();
        Assert.False(polling.IsCompleted);
        await client.SendTextAsync("data");
        Assert.Equal(1, await polling);
        Assert.Equal(SocketEvents.Readable, items[0].Found);
        Assert.Equal(1, await Fixture.Server.PollAsync(items));
        Assert.Equal("data", await server.ReceiveTextAsync());
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task A_socket_is_writable_until_it_is_full_and_again_when_the_peer_receives(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        SocketPoll[] items = [new(client, SocketEvents.Writable)];
        Assert.Equal(1, await client.Network.PollAsync(items));
        Assert.Equal(SocketEvents.Writable, items[0].Found);
        int total = await Fixture.FillAsync(new SocketPair(client, server));
        Assert.Equal(0, await client.Network.PollAsync(items, TimeSpan.Zero));
        Task<int> polling = client.Network.PollAsync(items).AsTask();
        await server.ReceiveExactlyAsync(total);
        Assert.Equal(1, await polling);
        Assert.Equal(SocketEvents.Writable, items[0].Found);
    });

    [Fact]
    public Task Of_several_sockets_the_ready_ones_are_marked() => RunAsync(async () =>
    {
        await using SocketPair one = await Fixture.ConnectedPairAsync();
        await using SocketPair two = await Fixture.ConnectedPairAsync(StreamKind.Tcp6);
        await using SocketPair three = Fixture.BoundPair(DatagramKind.Udp4);
        SocketPoll[] items = [new(one.Server, SocketEvents.Readable), new(two.Server, SocketEvents.Readable | SocketEvents.Writable), new(three.Server, SocketEvents.Readable)];
        Assert.Equal(1, await Fixture.Server.PollAsync(items));
        Assert.Equal([SocketEvents.None, SocketEvents.Writable, SocketEvents.None], items.Select(item => item.Found));
        items = [items[0], items[2]];
        Task<int> polling = Fixture.Server.PollAsync(items).AsTask();
        await three.Client.SendToAsync(new byte[1], three.Server.LocalEndPoint!);
        Assert.Equal(1, await polling);
        Assert.Equal([SocketEvents.None, SocketEvents.Readable], items.Select(item => item.Found));
    });

    [Theory]
    [MemberData(nameof(NamedStreamKinds))]
    public Task A_waiting_connection_makes_a_listener_readable(StreamKind kind) => RunAsync(async () =>
    {
        if (!Fixture.Has(kind))
            return;
        using NetworkSocket listener = Fixture.Listen(kind);
        using NetworkSocket client = Fixture.NewClient(listener);
        Task<SocketEvents> polling = listener.UntilAsync(SocketEvents.Readable).AsTask();
        Assert.False(polling.IsCompleted);
        await client.ConnectAsync(listener.LocalEndPoint!);
        Assert.Equal(SocketEvents.Readable, await polling);
    });

    [Theory]
    [MemberData(nameof(StreamKinds))]
    public Task The_end_of_a_stream_is_readable(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        client.Shutdown(SocketShutdown.Send);
        SocketEvents found = await server.UntilAsync(SocketEvents.Readable);
        Assert.Equal(SocketEvents.Readable, found & SocketEvents.Readable);
        Assert.Equal(0, server.Receive(new byte[1]));
    });

    [FeatureTheory(Feature.HangUps)]
    [MemberData(nameof(StreamKinds))]
    public Task A_hang_up_is_told_unasked(StreamKind kind) => RunAsync(kind, async (client, server) =>
    {
        server.Shutdown(SocketShutdown.Send);
        client.Dispose();
        SocketEvents found;
        do
        {
            found = await server.UntilAsync(SocketEvents.Readable);
            await Fixture.SettleAsync();
        }
        while ((found & SocketEvents.HangUp) == 0);
    });

    [FeatureFact(Feature.HangUps)]
    public Task A_reset_is_told_as_an_error() => RunAsync(StreamKind.Tcp4, async (client, server) =>
    {
        client.Abort();
        SocketEvents found = await server.UntilAsync(SocketEvents.None);
        Assert.Equal(SocketEvents.Error, found & SocketEvents.Error);
        Assert.Equal(SocketError.ConnectionReset, server.TakeError());
    });

    [Fact]
    public Task A_poll_ends_at_its_deadline_on_the_networks_clock() => RunAsync(StreamKind.Tcp4, async (_, server) =>
    {
        Task<int> polling = Fixture.Server.PollAsync(new SocketPoll[] { new(server, SocketEvents.Readable) }, 3 * Second).AsTask();
        await Fixture.ElapseAsync(2.9 * Second);
        Assert.False(polling.IsCompleted);
        await Fixture.ElapseAsync(0.1 * Second);
        Assert.Equal(0, await polling);
    });

    [Fact]
    public Task A_poll_can_be_cancelled_and_the_socket_goes_on() => RunAsync(StreamKind.Tcp4, async (client, server) =>
    {
        using CancellationTokenSource stop = new();
        SocketPoll[] items = [new(server, SocketEvents.Readable)];
        Task<int> polling = Fixture.Server.PollAsync(items, null, stop.Token).AsTask();
        await stop.CancelAsync();
        await CancelledAsync(polling);
        await CancelledAsync(async () => await Fixture.Server.PollAsync(items, TimeSpan.Zero, stop.Token));
        await client.SendTextAsync("x");
        Assert.Equal(1, await Fixture.Server.PollAsync(items));
    });

    [Fact]
    public Task Closing_a_socket_ends_the_poll_for_it() => RunAsync(StreamKind.Tcp4, async (_, server) =>
    {
        await using SocketPair other = await Fixture.ConnectedPairAsync();
        SocketPoll[] items = [new(server, SocketEvents.Readable), new(other.Server, SocketEvents.Readable)];
        Task<int> polling = Fixture.Server.PollAsync(items).AsTask();
        server.Dispose();
        Assert.Equal(1, await polling);
        Assert.Equal([SocketEvents.HangUp, SocketEvents.None], items.Select(item => item.Found));
        Assert.Equal(SocketEvents.HangUp, server.Poll(SocketEvents.Readable, TimeSpan.Zero));
        Assert.Equal(SocketEvents.HangUp, await server.PollAsync(SocketEvents.Writable));
    });

    [Fact]
    public Task A_poll_and_a_receive_wait_side_by_side() => RunAsync(StreamKind.Tcp4, async (client, server) =>
    {
        Task<string> receiving = server.ReceiveTextAsync().AsTask();
        Task<SocketEvents> polling = server.UntilAsync(SocketEvents.Readable).AsTask();
        await client.SendTextAsync("one");
        Assert.Equal("one", await receiving);
        if (!polling.IsCompleted)
            await client.SendTextAsync("two");
        Assert.Equal(SocketEvents.Readable, await polling);
    });

    [Fact]
    public Task After_a_poll_has_found_data_a_receive_that_waits_finds_it_too() => RunAsync(StreamKind.Tcp4, async (client, server) =>
    {
        for (int i = 0; i < 50; i++)
        {
            Task<string> receiving = server.ReceiveTextAsync().AsTask();
            await client.SendTextAsync("x");
            SocketPoll[] items = [new(server, SocketEvents.Readable)];
            Fixture.Server.Poll(items, TimeSpan.Zero);
            await Fixture.Server.PollAsync(items, TimeSpan.Zero);
            Assert.Equal("x", await receiving);
        }
    });

    [Fact]
    public Task Polls_are_checked() => RunAsync(StreamKind.Tcp4, async (client, _) =>
    {
        SocketPoll[] items = [new(client, SocketEvents.Readable)];
        Assert.Throws<ArgumentOutOfRangeException>(() => Fixture.Client.Poll(items, -Second));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Fixture.Client.PollAsync(items, -Second));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fixture.Client.Poll(items, TimeSpan.FromDays(25)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Fixture.Client.PollAsync(items, TimeSpan.FromDays(60)));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Fixture.Client.PollAsync(new SocketPoll[1]));
        Assert.Throws<ArgumentException>(() => Fixture.Client.Poll(new SocketPoll[1], TimeSpan.Zero));
        Assert.Throws<ArgumentNullException>(() => new SocketPoll(null!, SocketEvents.Readable));
    });

    [Fact]
    public Task A_poll_of_nothing_waits_for_its_deadline() => RunAsync(async () =>
    {
        Assert.Equal(0, await Fixture.Server.PollAsync(Memory<SocketPoll>.Empty, TimeSpan.Zero));
        Assert.Equal(0, Fixture.Server.Poll([], TimeSpan.Zero));
        Task<int> polling = Fixture.Server.PollAsync(Memory<SocketPoll>.Empty, Second).AsTask();
        await Fixture.ElapseUntilAsync(polling, Second);
        Assert.Equal(0, await polling);
    });
}
