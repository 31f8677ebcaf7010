using System.IO.Pipelines;
using System.Net.Sockets;
using Sockeye.Tests.Serving;

namespace Sockeye.Tests.Relaying;

/// <summary>What a relay passes on: bytes, ends, resets, and the slowness of a reader.</summary>
public class RelayTests
{
    /// <summary>What a direction of a stream in memory holds: its sender's send buffer and its receiver's receive buffer.</summary>
    private const int MemoryDirection = 128 * 1024;

    /// <summary>More than all buffers on the way.</summary>
    private const int Much = 4 * 1024 * 1024;

    [Fact]
    public async Task Bytes_pass_both_ways_and_are_counted()
    {
        await using RelayedPair pair = await RelayedPair.StartAsync();
        await pair.Client.WriteLineAsync("hello");
        Assert.Equal("hello", await pair.Server.LineAsync());
        await pair.Server.WriteLineAsync("and you");
        Assert.Equal("and you", await pair.Client.LineAsync());

        await pair.Client.Output.CompleteAsync();
        await pair.Server.Output.CompleteAsync();
        Assert.Equal(new RelayResult(new RelaySide(6, RelayEnd.Ended, null), new RelaySide(8, RelayEnd.Ended, null)), await pair.Run.Within());
        Assert.True(await pair.Client.EndsInOrderAsync());
        Assert.True(await pair.Server.EndsInOrderAsync());
    }

    [Fact]
    public async Task A_reader_that_fails_when_it_is_advanced_ends_the_relay_with_a_result()
    {
        await using MemoryNetwork network = new();
        (NetworkSocket client, NetworkSocket first) = network.CreatePair();
        (NetworkSocket second, NetworkSocket server) = network.CreatePair();
        Task<RelayResult> run = Relay.RunAsync(new UnadvancedConnection(network.CreateConnection(first)), network.CreateConnection(second));
        client.SendAll("hello"u8);
        RelayResult result = await run.Within();
        Assert.Equal(RelayEnd.Failed, result.First.End);
        Assert.IsType<InvalidOperationException>(result.First.Error);
        client.Dispose();
        server.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_end_is_passed_on_and_the_other_direction_goes_on(bool clientEnds)
    {
        await using RelayedPair pair = await RelayedPair.StartAsync();
        (Connection ending, Connection other) = clientEnds ? (pair.Client, pair.Server) : (pair.Server, pair.Client);
        await ending.WriteLineAsync("my last word");
        await ending.Output.CompleteAsync();

        Assert.Equal("my last word", await other.LineAsync());
        Assert.True(await other.EndsInOrderAsync());
        for (int i = 0; i < 3; i++)
        {
            await other.WriteLineAsync($"still here {i}");
            Assert.Equal($"still here {i}", await ending.LineAsync());
        }

        Assert.False(pair.Run.IsCompleted);
        await other.Output.CompleteAsync();
        Assert.True(await ending.EndsInOrderAsync());
        RelayResult result = await pair.Run.Within();
        Assert.Equal((RelayEnd.Ended, RelayEnd.Ended), (result.First.End, result.Second.End));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reset_is_passed_on(bool clientResets)
    {
        await using RelayedPair pair = await RelayedPair.StartAsync();
        (Connection resetting, Connection other) = clientResets ? (pair.Client, pair.Server) : (pair.Server, pair.Client);
        await resetting.WriteLineAsync("hello");
        Assert.Equal("hello", await other.LineAsync());

        resetting.Abort();

        Assert.False(await other.EndsInOrderAsync());
        RelayResult result = await pair.Run.Within();
        (RelaySide failed, RelaySide told) = clientResets ? (result.First, result.Second) : (result.Second, result.First);
        Assert.Equal(RelayEnd.Failed, failed.End);
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(failed.Error).SocketErrorCode);
        Assert.Equal((RelayEnd.Reset, null), (told.End, told.Error));
    }

    [Fact]
    public async Task A_reset_is_noticed_while_the_other_side_takes_nothing()
    {
        await using RelayedPair pair = await RelayedPair.StartAsync();
        Task sending = await FillAsync(pair);

        pair.Client.Abort();
        await Assert.ThrowsAsync<SocketException>(() => sending.Within());

        Assert.Equal(RelayEnd.Failed, (await pair.Run.Within()).First.End);
        Assert.False(await pair.Server.EndsInOrderAsync());
    }

    [Fact]
    public async Task A_reset_after_an_end_cuts_nothing_of_what_was_sent_before()
    {
        await using RelayedPair pair = await RelayedPair.StartAsync();
        await pair.Server.WriteLineAsync("the answer to a question that is not yet whole");
        await pair.Server.Output.CompleteAsync();
        Assert.NotNull(await pair.Client.LineAsync());
        Assert.True(await pair.Client.EndsInOrderAsync());

        // The server is not interested in the rest, as one that answered "too large" would be.
        pair.Server.Abort();
        await pair.Client.Output.CompleteAsync();

        RelayResult result = await pair.Run.Within();
        Assert.Equal((RelayEnd.Stopped, RelayEnd.Failed), (result.First.End, result.Second.End));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reset_cuts_nothing_from_the_moment_on_that_the_end_can_be_seen(bool hasMore)
    {
        HeldEndConnection held = null!;
        await using RelayedPair pair = await RelayedPair.StartAsync(wrapClientSide: inner => held = new HeldEndConnection(inner));
        await pair.Server.WriteLineAsync("the answer");
        await pair.Server.Output.CompleteAsync();
        Assert.Equal("the answer", await pair.Client.LineAsync());
        Assert.True(await pair.Client.EndsInOrderAsync());

        // The relay has not come back from passing the end on, and nobody watches the server yet: its reset is found by who has something for it.
        TaskCompletionSource found = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration finding = pair.ServerSide.Closed.UnsafeRegister(_ => found.SetResult(), null);
        pair.Server.Abort();
        if (hasMore)
            await pair.Client.WriteLineAsync("the rest of a question");
        await pair.Client.Output.CompleteAsync();
        await found.Task.Within();
        held.LetGo();

        RelayResult result = await pair.Run.Within();
        Assert.Equal((RelayEnd.Stopped, RelayEnd.Failed), (result.First.End, result.Second.End));
    }

    [Fact]
    public async Task Who_does_not_read_stops_the_one_who_sends()
    {
        await using RelayedPair pair = await RelayedPair.StartAsync();
        Task sending = await FillAsync(pair);

        // One read is all that the relay itself holds.
        Assert.False(sending.IsCompleted);
        Assert.InRange(pair.ClientSide.BytesReceived - pair.ServerSide.BytesSent, 0, 128 * 1024);
        long received = 0;
        while (received < Much)
        {
            ReadResult result = await pair.Server.Input.ReadAsync().Within();
            received += result.Buffer.Length;
            pair.Server.Input.AdvanceTo(result.Buffer.End);
        }

        await sending.Within();
        Assert.Equal(Much, received);
    }

    [Fact]
    public async Task A_full_direction_does_not_hold_up_the_other()
    {
        await using RelayedPair pair = await RelayedPair.StartAsync();
        Task sending = await FillAsync(pair);

        for (int i = 0; i < 10; i++)
        {
            await pair.Server.WriteLineAsync($"line {i}");
            Assert.Equal($"line {i}", await pair.Client.LineAsync());
        }

        Assert.False(sending.IsCompleted);
    }

    [Fact]
    public async Task Cancelling_resets_both()
    {
        await using RelayedPair pair = await RelayedPair.StartAsync();
        await pair.Client.WriteLineAsync("hello");
        Assert.Equal("hello", await pair.Server.LineAsync());

        pair.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pair.Run.Within());
        Assert.False(await pair.Client.EndsInOrderAsync());
        Assert.False(await pair.Server.EndsInOrderAsync());
    }

    [Fact]
    public async Task An_abort_from_outside_is_the_failure_of_that_side()
    {
        await using RelayedPair pair = await RelayedPair.StartAsync();
        TimeoutException reason = new("idle");
        pair.ClientSide.Abort(reason);

        RelayResult result = await pair.Run.Within();
        Assert.Equal((RelayEnd.Failed, reason), (result.First.End, result.First.Error));
        Assert.False(await pair.Server.EndsInOrderAsync());
    }

    [Theory]
    [InlineData("tcp://127.0.0.1:1000", "unix:///server")]
    [InlineData("unix:///client", "tcp://[::1]:2000")]
    [InlineData("abstract://client", "unix-seqpacket:///server")]
    public async Task Any_kind_of_stream_goes_with_any_other(string client, string server)
    {
        await using RelayedPair pair = await RelayedPair.StartAsync(client, server);
        await pair.Client.WriteLineAsync("there");
        Assert.Equal("there", await pair.Server.LineAsync());
        await pair.Server.WriteLineAsync("and back");
        Assert.Equal("and back", await pair.Client.LineAsync());
        await pair.Client.Output.CompleteAsync();
        Assert.True(await pair.Server.EndsInOrderAsync());
    }

    [Fact]
    public async Task Messages_stay_whole()
    {
        await using RelayedPair pair = await RelayedPair.StartAsync("unix-seqpacket:///client", "unix-seqpacket:///server");
        byte[][] messages = [.. new[] { 1, 100, 60_000, 2 }.Select(length => new byte[length])];
        foreach (byte[] message in messages)
            await pair.Client.WriteAsync(message).Within();
        await pair.Client.Output.CompleteAsync();

        foreach (byte[] message in messages)
        {
            ReadResult result = await pair.Server.Input.ReadAsync().Within();
            Assert.Equal(message.Length, result.Buffer.Length);
            pair.Server.Input.AdvanceTo(result.Buffer.End);
        }
    }

    [Fact]
    public async Task A_stream_to_messages_is_cut_into_what_a_message_may_be()
    {
        await using RelayedPair pair = await RelayedPair.StartAsync(serverAddress: "unix-seqpacket:///server");
        byte[] much = new byte[300_000];
        Task sending = SendAllAsync();

        long received = 0;
        for (ReadResult result = default; !result.IsCompleted;)
        {
            result = await pair.Server.Input.ReadAsync().Within();
            received += result.Buffer.Length;
            pair.Server.Input.AdvanceTo(result.Buffer.End);
        }

        await sending.Within();
        Assert.Equal(much.Length, received);

        async Task SendAllAsync()
        {
            await pair.Client.WriteAsync(much);
            await pair.Client.Output.CompleteAsync();
        }
    }

    [Fact]
    public async Task A_connection_is_not_relayed_to_itself()
    {
        await using RelayedPair pair = await RelayedPair.StartAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => Relay.RunAsync(pair.Client, pair.Client));
    }

    /// <summary>Sends more than all buffers hold, to a server that does not read, and waits until nothing moves any more.</summary>
    private static async Task<Task> FillAsync(RelayedPair pair)
    {
        Task sending = pair.Client.WriteAsync(new byte[Much]).AsTask();
        await pair.Traffic
            .UntilAsync(() => pair.ServerSide.BytesSent >= MemoryDirection && pair.Client.BytesSent - pair.ClientSide.BytesReceived >= MemoryDirection)
            .Within();
        return sending;
    }
}
