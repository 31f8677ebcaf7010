using System.Net;
using System.Net.Sockets;
using Sockeye.Tests.Serving;

namespace Sockeye.Tests.Observing;

/// <summary>Who said what to whom, where it was seen, and how it ended.</summary>
public class ConversationRecorderTests
{
    [Fact]
    public async Task The_two_connections_of_a_relay_are_one_conversation()
    {
        await using ConversationLines lines = new();
        await using MemoryNetwork network = new();
        await using Listener server = await network.ListenAsync("tcp://127.0.0.1:0");
        await using Listener door = await network.ListenAsync("tcp://127.0.0.1:0", new ListenerOptions { Observer = lines });
        await using Connection client = await network.ConnectAsync(door.Address);
        await using Connection first = (await door.AcceptAsync())!;
        await using Connection second = await network.ConnectAsync(server.Address, new ConnectorOptions { Observer = lines, OnBehalfOf = first });
        await using Connection end = (await server.AcceptAsync())!;
        Task<RelayResult> run = Relay.RunAsync(first, second);

        await client.WriteLineAsync("hello");
        Assert.Equal("hello", await end.LineAsync());
        await end.WriteLineAsync("you");
        Assert.Equal("you", await client.LineAsync());
        await client.Output.CompleteAsync();
        Assert.True(await end.EndsInOrderAsync());
        end.Abort();
        await run.Within();
        await second.DisposeAsync();
        await first.DisposeAsync();

        const string Expected = """
            #1 >sink Opened
            #1 >sink Connecting
            #1 <source Connected
            #1 >source Data 0+6 hello

            #1 >sink* Data 0+6 hello

            #1 <source Data 0+4 you

            #1 <sink* Data 0+4 you

            #1 >source Ended
            #1 >sink* Ended
            #1 <source Reset
            """;
        string text = await lines.TextAsync();
        Assert.StartsWith(Expected.ReplaceLineEndings("\n"), text, StringComparison.Ordinal);
        Assert.EndsWith("Finished", text, StringComparison.Ordinal);

        // The reset is passed on to the client; who has reset is sent nothing more.
        Assert.Contains("#1 <sink Reset", text, StringComparison.Ordinal);
        Assert.Contains("#1 >sink Closed", text, StringComparison.Ordinal);
        Assert.DoesNotContain("#1 >sink Reset", text, StringComparison.Ordinal);
        Assert.DoesNotContain("#2", text, StringComparison.Ordinal);
        SocketConversation conversation = Assert.Single(lines.Conversations);
        Assert.True(conversation.IsRelayed);
        Assert.Equal(6, conversation.BytesFromClient);
        Assert.Equal(4, conversation.BytesFromServer);
        Assert.Equal(server.Address.Port, ((IPEndPoint)conversation.Server!).Port);
        Assert.Equal(door.Address.Port, ((IPEndPoint)conversation.Door!).Port);
    }

    [Fact]
    public async Task Both_ends_of_a_connection_are_one_conversation_whoever_is_heard_first()
    {
        await using ConversationLines lines = new();
        await using MemoryNetwork network = new();
        using IDisposable observing = network.Observe(lines);
        await using (Listener listener = await network.ListenAsync("tcp://127.0.0.1:0"))
        await using (Connection client = await network.ConnectAsync(listener.Address))
        await using (Connection server = (await listener.AcceptAsync())!)
        {
            await client.WriteLineAsync("one");
            await client.WriteLineAsync("two");
            Assert.Equal("one", await server.LineAsync());
            await client.Output.CompleteAsync();
            Assert.Equal("two", await server.LineAsync());
        }

        string text = await lines.TextAsync();
        Assert.Contains("#1 >source Data 0+4 one", text, StringComparison.Ordinal);
        Assert.Contains("#1 >source Data 4+4 two", text, StringComparison.Ordinal);

        // Sticky packets: two writes, one read.
        Assert.Contains("#1 >sink* Data 0+8 one\ntwo", text, StringComparison.Ordinal);
        Assert.Single(lines.Conversations);
        Assert.EndsWith("Finished", text, StringComparison.Ordinal);
    }

    /// <summary>As a program does that is given a connection, or looks at one that has grown strange.</summary>
    [Theory]
    [InlineData(true, "#1 >source Data 7+4 two\n|#1 <sink Data 8+6 three\n")]
    [InlineData(false, "#1 >sink Data 7+4 two\n|#1 <source Data 8+6 three\n")]
    public async Task A_connection_that_was_open_before_it_was_observed_is_a_conversation_from_then_on(bool ofClient, string expected)
    {
        await using ConversationLines lines = new();
        await using MemoryNetwork network = new();
        await using Listener listener = await network.ListenAsync("tcp://127.0.0.1:1000");
        await using Connection client = await network.ConnectAsync(listener.Address);
        await using Connection server = (await listener.AcceptAsync())!;
        await client.WriteLineAsync("unseen");
        Assert.Equal("unseen", await server.LineAsync());
        await server.WriteLineAsync("neither");
        Assert.Equal("neither", await client.LineAsync());
        (EndPoint?, EndPoint?) ends = (client.LocalEndPoint, server.LocalEndPoint);
        using IDisposable observing = (ofClient ? client : server).Observe(lines);
        await client.WriteLineAsync("two");
        Assert.Equal("two", await server.LineAsync());
        await server.WriteLineAsync("three");
        Assert.Equal("three", await client.LineAsync());
        await client.DisposeAsync();
        await server.DisposeAsync();

        string text = await lines.TextAsync();
        Assert.Contains(" Opened\n", text[..text.IndexOf("Data", StringComparison.Ordinal)], StringComparison.Ordinal);
        Assert.All(expected.Split('|'), line => Assert.Contains(line, text, StringComparison.Ordinal));
        Assert.EndsWith("Finished", text, StringComparison.Ordinal);
        SocketConversation conversation = Assert.Single(lines.Conversations);
        Assert.Equal(ends, (conversation.Client, conversation.Server));
    }

    [Fact]
    public async Task A_connection_of_which_only_one_end_is_observed_has_its_unseen_peer()
    {
        await using ConversationLines lines = new();
        await using MemoryNetwork network = new();
        await using Listener listener = await network.ListenAsync("tcp://127.0.0.1:0");
        await using (Connection client = await network.ConnectAsync(listener.Address, new ConnectorOptions { Observer = lines }))
        await using (Connection server = (await listener.AcceptAsync())!)
        {
            await client.WriteLineAsync("x");
            await server.WriteLineAsync("y");
            Assert.Equal("y", await client.LineAsync());
            await server.DisposeAsync();
        }

        string text = await lines.TextAsync();
        Assert.Contains("#1 >source Data 0+2 x", text, StringComparison.Ordinal);
        Assert.Contains("#1 <sink Data 0+2 y", text, StringComparison.Ordinal);
        Assert.Contains("#1 <sink Ended", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_sender_of_datagrams_is_a_conversation_and_a_relay_joins_its_own_socket_to_it()
    {
        await using ConversationLines lines = new();
        await using MemoryNetwork network = new();
        await using DatagramSocket target = await network.OpenDatagramAsync("udp://127.0.0.1:0");
        DatagramSocket door = await network.OpenDatagramAsync("udp://127.0.0.1:0");
        using IDisposable observing = door.Observe(lines);
        using CancellationTokenSource stop = new();
        Task run = new DatagramRelay(network, door, target.Address, new DatagramRelayOptions { Observer = lines }).RunAsync(stop.Token);
        byte[] buffer = new byte[100];
        foreach (string word in new[] { "a", "b" })
        {
            await using DatagramSocket sender = await network.ConnectDatagramAsync(door.Address);
            await sender.SendAsync(new byte[] { (byte)word[0] });
            ReceivedDatagram received = await target.ReceiveAsync(buffer);
            await target.SendAsync("ok"u8.ToArray(), received.From);
            await sender.ReceiveAsync(buffer);
        }

        await stop.CancelAsync();
        await run.Within();
        string[] text = (await lines.TextAsync()).Split('\n');
        foreach ((int number, string word) in new[] { (1, "a"), (2, "b") })
        {
            Assert.Contains($"#{number} >sink Data 0+1 {word}", text);
            Assert.Contains($"#{number} >sink* Data 0+1 {word}", text);
            Assert.Contains($"#{number} <source Data 0+2 ok", text);
            Assert.Contains($"#{number} <sink* Data 0+2 ok", text);
            Assert.Contains(text, line => line.StartsWith($"#{number} ", StringComparison.Ordinal) && line.EndsWith("Finished", StringComparison.Ordinal));
        }

        Assert.Equal(2, lines.Conversations.Count);
    }

    [Fact]
    public async Task A_target_that_refuses_is_told_of_and_another_attempt_may_follow()
    {
        await using ConversationLines lines = new();
        await using MemoryNetwork network = new();
        await using Listener door = await network.ListenAsync("tcp://127.0.0.1:0", new ListenerOptions { Observer = lines });
        await using Connection client = await network.ConnectAsync(door.Address);
        Connection first = (await door.AcceptAsync())!;
        await Assert.ThrowsAsync<SocketException>(async () =>
            await network.ConnectAsync("tcp://127.0.0.1:1", new ConnectorOptions { Observer = lines, OnBehalfOf = first }));
        first.Abort();

        const string Expected = """
            #1 >sink Opened
            #1 >sink Connecting
            #1 <source Error
            """;
        string text = await lines.TextAsync();
        Assert.StartsWith(Expected.ReplaceLineEndings("\n"), text, StringComparison.Ordinal);
        Assert.EndsWith("Finished", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_kernel_knew_is_there_though_the_recorder_comes_after_the_close()
    {
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ConversationLines lines = new() { Gate = gate.Task };
        await using (Listener listener = await Network.Host.ListenAsync("tcp://127.0.0.1:0", new ListenerOptions { Observer = lines }))
        await using (Connection client = await Network.Host.ConnectAsync(listener.Address))
        await using (Connection server = (await listener.AcceptAsync())!)
        {
            await client.WriteLineAsync("hello");
            Assert.Equal("hello", await server.LineAsync());
        }

        gate.SetResult();
        Assert.EndsWith("Finished", await lines.TextAsync(), StringComparison.Ordinal);
        Assert.NotNull(Assert.Single(lines.Conversations).ServerTcpInfo);
    }

    [Fact]
    public async Task So_many_senders_are_kept_apart_and_the_oldest_leaves()
    {
        await using ConversationLines lines = new();
        await using MemoryNetwork network = new();
        using NetworkSocket socket = network.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        for (int port = 1; port <= ConversationTable.DatagramConversationsMax + 2; port++)
            lines.Received(socket, "x"u8, new IPEndPoint(IPAddress.Loopback, port).Serialize());
        string text = await lines.TextAsync();
        Assert.Contains("#2 <source Finished", text, StringComparison.Ordinal);
        Assert.DoesNotContain("#3 <source Finished", text, StringComparison.Ordinal);
        Assert.Equal(0, lines.Dropped);
    }
}
