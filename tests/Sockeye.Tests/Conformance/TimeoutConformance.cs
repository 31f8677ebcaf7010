using System.Net.Sockets;

namespace Sockeye.Tests.Conformance;

/// <summary><see cref="NetworkSocket.Timeout"/>: null waits for ever, zero does not wait, else a deadline of the network's clock.</summary>
public abstract class TimeoutConformance(NetworkFixture fixture) : WaitingConformance(fixture)
{
    [Theory]
    [MemberData(nameof(Calls))]
    public Task A_deadline_ends_a_call_and_not_before(WaitingCall call) => RunBlockedAsync(call, async blocked =>
    {
        blocked.Socket.Timeout = 5 * Second;
        Task waiting = blocked.Start(CancellationToken.None);
        await Fixture.ElapseAsync(4.9 * Second);
        Assert.False(waiting.IsCompleted);
        await Fixture.ElapseAsync(0.1 * Second);
        SocketTimeoutException e = await Assert.ThrowsAsync<SocketTimeoutException>(() => waiting);
        Assert.Equal(SocketError.TimedOut, e.SocketErrorCode);
        Assert.Contains("5 s", e.Message, StringComparison.Ordinal);
    });

    [Theory]
    [MemberData(nameof(Calls))]
    public Task Zero_does_not_wait_and_is_no_deadline(WaitingCall call) => RunBlockedAsync(call, async blocked =>
    {
        blocked.Socket.Timeout = TimeSpan.Zero;
        await FailsAsync(blocked.NotNow, () => blocked.Start(CancellationToken.None));
    });

    [Theory]
    [MemberData(nameof(Calls))]
    public Task Zero_does_not_wait_in_plain_calls_either(WaitingCall call) => RunBlockedAsync(call, blocked =>
    {
        blocked.Socket.Timeout = TimeSpan.Zero;
        Fails(blocked.NotNow, blocked.Run);
        return Task.CompletedTask;
    });

    [Theory]
    [MemberData(nameof(Calls))]
    public Task Null_waits_for_ever(WaitingCall call) => RunBlockedAsync(call, async blocked =>
    {
        Assert.Null(blocked.Socket.Timeout);
        Task waiting = blocked.Start(CancellationToken.None);
        await Fixture.ElapseAsync(TimeSpan.FromDays(30));
        Assert.False(waiting.IsCompleted);
        if (blocked.UnblockAsync is { } unblockAsync)
        {
            await unblockAsync();
            await waiting;
        }
    });

    [Theory]
    [MemberData(nameof(Calls))]
    public Task What_comes_in_time_is_no_timeout(WaitingCall call) => RunBlockedAsync(call, async blocked =>
    {
        if (blocked.UnblockAsync is not { } unblockAsync)
            return;
        blocked.Socket.Timeout = 5 * Second;
        Task waiting = blocked.Start(CancellationToken.None);
        await Fixture.ElapseAsync(4 * Second);
        await unblockAsync();
        await waiting;
        await Fixture.ElapseAsync(10 * Second);
    });

    [Theory]
    [MemberData(nameof(Calls))]
    public Task After_a_timeout_the_socket_goes_on(WaitingCall call) => RunBlockedAsync(call, async blocked =>
    {
        if (blocked.UnblockAsync is not { } unblockAsync)
            return;
        blocked.Socket.Timeout = Second;
        Task waiting = blocked.Start(CancellationToken.None);
        await Fixture.ElapseAsync(Second);
        await Assert.ThrowsAsync<SocketTimeoutException>(() => waiting);
        waiting = blocked.Start(CancellationToken.None);
        await unblockAsync();
        await waiting;
    });

    [Theory]
    [MemberData(nameof(Calls))]
    public Task Each_call_has_the_whole_time(WaitingCall call) => RunBlockedAsync(call, async blocked =>
    {
        if (blocked.NotNow == SocketError.InProgress)
            return;
        blocked.Socket.Timeout = 2 * Second;
        for (int i = 0; i < 3; i++)
        {
            Task waiting = blocked.Start(CancellationToken.None);
            await Fixture.ElapseAsync(1.9 * Second);
            Assert.False(waiting.IsCompleted);
            await Fixture.ElapseAsync(0.1 * Second);
            await Assert.ThrowsAsync<SocketTimeoutException>(() => waiting);
        }
    });

    [Fact]
    public Task Calls_on_many_bytes_have_one_deadline_for_all_of_them() => RunAsync(StreamKind.Tcp4, async (client, server) =>
    {
        // Were the time given anew to each byte, the token would come first.
        using CancellationTokenSource stop = new(3 * Second, Fixture.Time);
        server.Timeout = 2 * Second;
        byte[] buffer = new byte[4];
        Task<int> receiving = server.ReceiveAllAsync(buffer, stop.Token).AsTask();
        await client.SendTextAsync("a");
        while (server.BytesReceived < 1)
            await Fixture.SettleAsync();
        await Fixture.SettleAsync();
        await Fixture.ElapseAsync(1.5 * Second);
        await client.SendTextAsync("b");
        while (server.BytesReceived < 2)
            await Fixture.SettleAsync();
        for (int i = 0; i < 20; i++)
            await Fixture.SettleAsync();
        await Fixture.ElapseUntilAsync(receiving, 0.5 * Second);
        SocketTimeoutException e = await Assert.ThrowsAsync<SocketTimeoutException>(() => receiving);
        Assert.Equal(2, NetworkSocket.ReceivedBefore(e));
    });

    [FeatureFact(Feature.Silence)]
    public Task A_failed_try_says_TimedOut_at_the_deadline() => RunAsync(async () =>
    {
        (System.Net.IPEndPoint silent, IAsyncDisposable keeper) = await Fixture.OpenSilenceAsync(Fixture.Address4);
        using NetworkSocket client = Fixture.Client.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream);
        client.Timeout = Second;
        Task<SocketError> connecting = client.TryConnectAsync(silent).AsTask();
        await Fixture.ElapseAsync(Second);
        Assert.Equal(SocketError.TimedOut, await connecting);
        await keeper.DisposeAsync();
    });

    [Fact]
    public Task Negative_and_endless_timeouts_are_refused() => RunAsync(StreamKind.Tcp4, (client, _) =>
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => client.Timeout = -Second);
        Assert.Throws<ArgumentOutOfRangeException>(() => client.Timeout = TimeSpan.MaxValue);
        client.Timeout = TimeSpan.FromDays(24);
        client.Timeout = null;
        return Task.CompletedTask;
    });
}
