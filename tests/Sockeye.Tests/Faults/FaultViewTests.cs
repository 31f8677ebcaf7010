using System.Text.Json;
using Sockeye.Tests.Serving;

namespace Sockeye.Tests.Faults;

/// <summary>That a fault is seen where it comes to pass, as an event of its own, and that what it does is not taken for the server's doing.</summary>
public sealed class FaultViewTests : IDisposable
{
    private readonly StringWriter _text = new();

    public void Dispose() => _text.Dispose();

    [Fact]
    public async Task A_refused_connection_is_refused_by_the_fault_and_not_by_the_server()
    {
        await RefuseAsync(new ConversationTextRecorder(_text));
        string[] lines = Lines();
        Assert.EndsWith(" #1 -- refused by a fault", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(" #1 <- reset, towards the client", lines[2], StringComparison.Ordinal);
        Assert.Contains(" #1 -- closed after ", lines[3], StringComparison.Ordinal);
        Assert.DoesNotContain(lines, line => line.Contains("by the server", StringComparison.Ordinal) || line.Contains("server: RTT", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_same_in_a_sequence_diagram()
    {
        await RefuseAsync(new SequenceRecorder(_text));
        string[] lines = Lines();
        Assert.Contains(lines, line => line.Contains("│  ╳ refused by a fault ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("│╳──", StringComparison.Ordinal) && line.Contains(" RST, by the relay ──", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_relay_whose_target_has_no_name_is_not_the_server_either()
    {
        MemoryNetwork network = new();
        await using ConversationTextRecorder recorder = new(_text);
        await using Listener door = await network.ListenAsync("tcp://127.0.0.1:1000", new ListenerOptions { Observer = recorder, IsForRelay = true });
        await using Connection client = await network.ConnectAsync(door.Address);
        Connection accepted = (await door.AcceptAsync())!;
        await Assert.ThrowsAnyAsync<System.Net.Sockets.SocketException>(async () => await network.ConnectAsync("tcp://nowhere.invalid:1", new ConnectorOptions { OnBehalfOf = accepted }));
        accepted.Abort();
        await recorder.FlushAsync().Within();
        Assert.Contains("<- reset, towards the client\n", _text.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("up: cut-after=5", "-> cut by a fault after 5 bytes")]
    [InlineData("up: cut-after=5, reset", "-> cut by a fault after 5 bytes", "-- reset by a fault", "<- reset, towards the client", "-> reset, towards the server")]
    [InlineData("up: cut-after=5, half-open", "-> cut by a fault after 5 bytes", "-- half-open by a fault: nothing passes from here on")]
    [InlineData("up: cut-after=5, half-open, reset", "-> cut by a fault after 5 bytes", "-- half-open by a fault: nothing passes from here on", "-> reset by a fault, the server alone", "-> reset, towards the server")]
    [InlineData("up: corrupt=100%, cut-after=12", "-> 12 bytes corrupted by a fault: one bit", "-> cut by a fault after 12 bytes")]
    public async Task What_is_done_to_a_connection_is_told_in_its_order(string plan, params string[] expected)
    {
        await PassAsync(plan, new ConversationTextRecorder(_text));
        Assert.Equal(expected, Lines().Select(line => line[(line.IndexOf("#1 ", StringComparison.Ordinal) + 3)..]).Where(line => line.Contains("fault", StringComparison.Ordinal) || expected.Contains(line)));
    }

    [Fact]
    public async Task A_fault_of_one_direction_says_which_in_a_sequence_diagram_too()
    {
        await PassAsync("up: cut-after=5, reset", new SequenceRecorder(_text));
        Assert.Contains("│  ╳ -> cut by a fault after 5 bytes ", _text.ToString(), StringComparison.Ordinal);
        Assert.Contains("│  ╳ reset by a fault ", _text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_JSON()
    {
        await PassAsync("up: cut-after=5, half-open, reset", new JsonRecorder(_text));
        JsonElement[] faults = [.. Lines().Select(line => JsonDocument.Parse(line).RootElement).Where(item => item.GetProperty("event").GetString() == "faulted")];
        Assert.Equal(["cut", "halfOpened", "reset"], faults.Select(fault => fault.GetProperty("fault").GetString()));
        Assert.Equal(("client", 5), (faults[0].GetProperty("from").GetString(), faults[0].GetProperty("bytes").GetInt32()));
        Assert.False(faults[1].TryGetProperty("from", out _));
        Assert.Equal("reset by a fault, the server alone", faults[2].GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("up: drop=100%", "#1 -> 5 bytes dropped by a fault")]
    [InlineData("up: duplicate=100%", "#1 -> 5 bytes sent twice by a fault")]
    [InlineData("up: reorder=100%", "#1 -> 5 bytes held back by a fault")]
    [InlineData("up: corrupt=100%", "#1 -> 5 bytes corrupted by a fault: one bit")]
    public async Task What_is_done_to_a_datagram_is_told_in_its_conversation(string plan, string expected)
    {
        MemoryNetwork network = new();
        await using ConversationTextRecorder recorder = new(_text);
        using CancellationTokenSource stop = new();
        DatagramSocket door = await network.OpenDatagramAsync("udp://127.0.0.1:1000");
        using IDisposable observing = door.Observe(recorder);
        MemoryRecorder memory = new();
        await using DatagramSocket target = await network.OpenDatagramAsync("udp://127.0.0.1:2000");
        DatagramRelayOptions options = new() { Faults = new FaultControl(FaultPlan.Parse(plan), seed: 1), Observer = SocketObserver.Combine(recorder, memory) };
        Task relaying = new DatagramRelay(network, door, target.Address, options).RunAsync(stop.Token);
        await using DatagramSocket sender = await network.ConnectDatagramAsync("udp://127.0.0.1:1000");
        await sender.SendAsync("hello"u8.ToArray());
        SocketFault fault = (await memory.WaitAsync(happened => happened.Kind == SocketEventKind.Faulted).Within()).Fault!;
        Assert.Equal((FaultDirection.Up, 5), (fault.Direction, fault.Bytes));
        await stop.CancelAsync();
        await relaying.Within();
        await recorder.FlushAsync().Within();
        Assert.Contains(Lines(), line => line.EndsWith(expected, StringComparison.Ordinal));
    }

    private async Task RefuseAsync(ConversationRecorder recorder)
    {
        await using ConversationRecorder disposing = recorder;
        MemoryNetwork network = new();
        FaultControl control = new(FaultPlan.Parse("refuse=1"));
        await using Listener door = await network.ListenAsync("tcp://127.0.0.1:1000", new ListenerOptions { Observer = recorder, IsForRelay = true });
        await using Connection client = await network.ConnectAsync(door.Address);
        Assert.True(control.TryRefuse((await door.AcceptAsync())!));
        await recorder.FlushAsync().Within();
    }

    /// <summary>Twelve bytes from the client through a relay with faults, until they have met them.</summary>
    private static async Task PassAsync(string plan, ConversationRecorder recorder)
    {
        await using ConversationRecorder disposing = recorder;
        MemoryNetwork network = new();
        MemoryRecorder memory = new();
        SocketObserver both = SocketObserver.Combine(recorder, memory)!;
        FaultControl control = new(FaultPlan.Parse(plan), seed: 1);
        await using Listener target = await network.ListenAsync("tcp://127.0.0.1:2000");
        await using Listener door = await network.ListenAsync("tcp://127.0.0.1:1000", new ListenerOptions { Observer = both, IsForRelay = true });
        await using Connection client = await network.ConnectAsync(door.Address, new ConnectorOptions { LingerTimeout = TimeSpan.Zero });
        Connection accepted = (await door.AcceptAsync())!;
        Connection leg = await network.ConnectAsync(target.Address, new ConnectorOptions { Observer = both, OnBehalfOf = accepted });
        await using Connection server = (await target.AcceptAsync())!;
        (Connection from, Connection to) = control.Wrap(accepted, leg);
        Task relaying = Relay.RunAsync(from, to);
        await client.Output.WriteAsync("hello, world"u8.ToArray());
        (bool isHalfOpen, bool isReset) = (control.Plan.IsHalfOpen, control.Plan.Reset is not null);
        FaultKind last = isReset ? FaultKind.Reset : isHalfOpen ? FaultKind.HalfOpened : FaultKind.Cut;
        await memory.WaitAsync(happened => happened.Fault?.Kind == last).Within();
        foreach (Connection told in new[] { server, client }.Take(!isReset ? 0 : isHalfOpen ? 1 : 2))
            Assert.EndsWith(WrittenPieces.Rst, await FaultedPair.HearAllAsync(told).Within(), StringComparison.Ordinal);
        client.Abort();
        server.Abort();
        await relaying.Within();
        await from.DisposeAsync();
        await to.DisposeAsync();
        await recorder.FlushAsync().Within();
    }

    private string[] Lines() => _text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
