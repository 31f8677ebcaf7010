using System.Diagnostics;
using Sockeye.Tests.Serving;

namespace Sockeye.Tests.Observing;

/// <summary>Conversations as traces, and as measurements.</summary>
public sealed class ActivityRecorderTests
{
    [Fact]
    public async Task A_conversation_is_an_activity_with_its_parties_and_how_it_ended()
    {
        List<Activity> stopped = [];
        await using MemoryNetwork network = new();
        await using ActivityRecorder recorder = new();
        await using Listener listener = await network.ListenAsync("tcp://127.0.0.1:4711", new ListenerOptions { Observer = recorder });
        using (ActivityListener hearing = Hear(stopped))
        {
            await using (Connection client = await network.ConnectAsync(listener.Address))
            await using (Connection server = (await listener.AcceptAsync())!)
            {
                await client.WriteLineAsync("hello");
                Assert.Equal("hello", await server.LineAsync());
                await server.WriteLineAsync("you");
                Assert.Equal("you", await client.LineAsync());
                client.Abort();
                await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(async () => await server.Input.ReadAsync());
            }

            await recorder.FlushAsync();
        }

        Activity activity = Assert.Single(stopped, activity => 4711.Equals(activity.GetTagItem("server.port")));
        Assert.Equal((ActivityKind.Server, "tcp", "ipv4", 6L, 4L), (activity.Kind, activity.GetTagItem("network.transport"), activity.GetTagItem("network.type"),
            activity.GetTagItem("sockeye.bytes.from_client"), activity.GetTagItem("sockeye.bytes.from_server")));
        Assert.Equal("127.0.0.1", activity.GetTagItem("server.address"));
        Assert.Equal(ActivityStatusCode.Error, activity.Status);
        Assert.Contains(activity.Events, item => item.Name == "reset");
        Assert.True(activity.Duration > TimeSpan.Zero);
    }

    [Fact]
    public async Task Without_a_listener_nothing_is_made()
    {
        await using MemoryNetwork network = new();
        await using ActivityRecorder recorder = new();
        using IDisposable observing = network.Observe(recorder);
        await using (Listener listener = await network.ListenAsync("tcp://127.0.0.1:0"))
        await using (Connection client = await network.ConnectAsync(listener.Address))
        await using (Connection server = (await listener.AcceptAsync())!)
            await client.WriteLineAsync("hello");
        await recorder.FlushAsync();
        Assert.Equal(0, recorder.Dropped);
    }

    [Fact]
    public async Task Sockets_are_measured()
    {
        using MeasuredSockets measured = new();
        await using MemoryNetwork network = new();
        using IDisposable observing = network.Observe(new MeterRecorder());
        await using (Listener listener = await network.ListenAsync("tcp://[::1]:0"))
        await using (Connection client = await network.ConnectAsync(listener.Address))
        await using (Connection server = (await listener.AcceptAsync())!)
        {
            await client.WriteLineAsync("hello");
            Assert.Equal("hello", await server.LineAsync());
            client.Abort();
            await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(async () => await server.Input.ReadAsync());
        }

        Assert.Equal(6, measured.Sum("sockeye.socket.network.io", ("network.type", "ipv6"), ("network.io.direction", "transmit")));
        Assert.Equal(6, measured.Sum("sockeye.socket.network.io", ("network.type", "ipv6"), ("network.io.direction", "receive")));
        Assert.Equal(1, measured.Sum("sockeye.socket.connections", ("network.type", "ipv6"), ("sockeye.connection.side", "client")));
        Assert.Equal(1, measured.Sum("sockeye.socket.connections", ("network.type", "ipv6"), ("sockeye.connection.side", "server")));
        Assert.Equal(1, measured.Sum("sockeye.socket.errors", ("network.type", "ipv6"), ("error.type", "ConnectionReset")));
    }

    private static ActivityListener Hear(List<Activity> stopped)
    {
        ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == ActivityRecorder.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                lock (stopped)
                    stopped.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
