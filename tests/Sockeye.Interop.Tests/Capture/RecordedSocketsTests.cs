using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Capture;

/// <summary>Real sockets of every kind, recorded at one end: Wireshark finds their bytes, and nothing wrong.</summary>
public sealed class RecordedSocketsTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private string Recording => _folder.PathOf("recording.pcapng");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("tcp://127.0.0.1:0", true)]
    [InlineData("tcp://127.0.0.1:0", false)]
    [InlineData("tcp://[::1]:0", true)]
    [InlineData("tcp://[::1]:0", false)]
    [InlineData("unix://SOCKET", true)]
    [InlineData("unix://SOCKET", false)]
    public async Task A_conversation_is_found_byte_for_byte(string address, bool atClient)
    {
        await TalkAsync(Address(address), atClient, async (client, server) =>
        {
            await WriteAsync(client, "ask"u8.ToArray());
            Assert.Equal("ask"u8.ToArray(), await ReadAsync(server, 3));
            await WriteAsync(server, "answer"u8.ToArray());
            Assert.Equal("answer"u8.ToArray(), await ReadAsync(client, 6));
        });
        await Tshark.AssertSoundAsync(Recording);
        FollowedStream stream = Assert.Single(await Tshark.FollowAsync(Recording, "tcp"));
        Assert.Equal("ask", Encoding.ASCII.GetString(stream.FromClient));
        Assert.Equal("answer", Encoding.ASCII.GetString(stream.FromServer));
        Assert.Equal(2, (await Tshark.FieldsAsync(Recording, "tcp.flags.fin == 1", "tcp.srcport")).Distinct().Count());
        Assert.Empty(await Tshark.FieldsAsync(Recording, "tcp.flags.reset == 1", "frame.number"));

        // In the recording's eyes the observed end is here: what it sends goes out.
        Assert.Equal(atClient ? "2" : "1", Assert.Single(await Tshark.FieldsAsync(Recording, "tcp.payload == 61:73:6b", "frame.packet_flags_direction")).Replace("0x", "", StringComparison.Ordinal).TrimStart('0'));
        if (address.StartsWith("unix", StringComparison.Ordinal))
            Assert.Contains(_folder.PathOf("s"), Assert.Single(await Tshark.FieldsAsync(Recording, "tcp.flags.syn == 1 && tcp.flags.ack == 0", "frame.comment")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Megabytes_both_ways_at_once_are_found_byte_for_byte()
    {
        byte[] up = RandomNumberGenerator.GetBytes(5_000_000), down = RandomNumberGenerator.GetBytes(3_000_000);
        await TalkAsync(Address("tcp://127.0.0.1:0"), atClient: true, async (client, server) =>
        {
            Task<byte[]> first = ReadAsync(server, up.Length), second = ReadAsync(client, down.Length);
            await Task.WhenAll(WriteAsync(client, up), WriteAsync(server, down), first, second);
            Assert.Equal(up, await first);
            Assert.Equal(down, await second);
        });
        await Tshark.AssertSoundAsync(Recording);
        FollowedStream stream = Assert.Single(await Tshark.FollowAsync(Recording, "tcp"));
        Assert.Equal(up, stream.FromClient);
        Assert.Equal(down, stream.FromServer);
    }

    [Fact]
    public async Task After_a_half_close_the_other_direction_goes_on()
    {
        await TalkAsync(Address("tcp://127.0.0.1:0"), atClient: false, async (client, server) =>
        {
            await WriteAsync(client, "question"u8.ToArray());
            await client.Output.CompleteAsync();
            await ReadAsync(server, 8);
            Assert.True((await server.Input.ReadAsync(TestContext.Current.CancellationToken)).IsCompleted);
            await WriteAsync(server, "late answer"u8.ToArray());
            await ReadAsync(client, 11);
        });
        await Tshark.AssertSoundAsync(Recording);
        Assert.Equal("late answer", Encoding.ASCII.GetString(Assert.Single(await Tshark.FollowAsync(Recording, "tcp")).FromServer));
        string[] order = await Tshark.FieldsAsync(Recording, "tcp.flags.fin == 1 || tcp.len > 0", "tcp.len", "tcp.flags.fin");
        Assert.Equal(["8\t0", "0\t1", "11\t0", "0\t1"], order);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reset_is_a_reset_of_whoever_did_it(bool byUs)
    {
        await TalkAsync(Address("tcp://127.0.0.1:0"), atClient: true, async (client, server) =>
        {
            await WriteAsync(client, "x"u8.ToArray());
            await ReadAsync(server, 1);
            (byUs ? client : server).Abort();
            if (!byUs)
                await Assert.ThrowsAsync<SocketException>(async () => await client.Input.ReadAsync(TestContext.Current.CancellationToken));
        });
        await Tshark.AssertSoundAsync(Recording);
        string direction = Assert.Single(await Tshark.FieldsAsync(Recording, "tcp.flags.reset == 1", "frame.packet_flags_direction"));
        Assert.Equal(byUs ? "2" : "1", direction.Replace("0x", "", StringComparison.Ordinal).TrimStart('0'));
        Assert.Empty(await Tshark.FieldsAsync(Recording, "tcp.flags.fin == 1", "frame.number"));
    }

    [Fact]
    public async Task A_refused_connect_is_a_SYN_and_a_reset_with_the_reason()
    {
        int port;
        await using (Listener gone = await Network.Host.ListenAsync(Address("tcp://127.0.0.1:0")))
            port = gone.Address.Port;
        await using (PcapngRecorder recorder = new(Recording))
            await Assert.ThrowsAsync<SocketException>(async () => await Network.Host.ConnectAsync(Address($"tcp://localhost:{port}"), new ConnectorOptions { Observer = recorder }));
        await Tshark.AssertSoundAsync(Recording);
        Assert.NotEmpty(await Tshark.FieldsAsync(Recording, $"tcp.flags.syn == 1 && tcp.dstport == {port}", "frame.comment"));
        Assert.Contains(await Tshark.FieldsAsync(Recording, "frame.comment", "frame.comment"), comment => comment.Contains("ConnectionRefused", StringComparison.Ordinal));
        Assert.Contains(await Tshark.FieldsAsync(Recording, "frame.comment", "frame.comment"), comment => comment.Contains("localhost resolved in", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("udp://127.0.0.1:0", true)]
    [InlineData("udp://127.0.0.1:0", false)]
    [InlineData("udp://[::1]:0", true)]
    [InlineData("udp://*:0", false)]
    [InlineData("unix-dgram://SOCKET", true)]
    public async Task Datagrams_are_found_one_by_one(string address, bool atClient)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        await using (PcapngRecorder recorder = new(Recording))
        {
            await using DatagramSocket server = await Network.Host.OpenDatagramAsync(Address(address), stop);
            Address target = address.Contains('*', StringComparison.Ordinal) ? Address($"udp://127.0.0.1:{server.Address.Port}") : server.Address;
            await using DatagramSocket client = await Network.Host.ConnectDatagramAsync(target, stop);
            using IDisposable observing = (atClient ? client : server).Observe(recorder);
            byte[] buffer = new byte[65536];
            foreach (string message in new[] { "one", "", "three" })
            {
                await client.SendAsync(Encoding.ASCII.GetBytes(message), stop);
                ReceivedDatagram received = await server.ReceiveAsync(buffer, stop);
                if (address.StartsWith("udp", StringComparison.Ordinal))
                {
                    await server.SendAsync(received.Bytes.ToArray(), received.From, stop);
                    await client.ReceiveAsync(buffer, stop);
                }
            }
        }

        await Tshark.AssertSoundAsync(Recording);
        bool answers = address.StartsWith("udp", StringComparison.Ordinal);
        FollowedStream stream = Assert.Single(await Tshark.FollowAsync(Recording, "udp"));
        Assert.Equal("onethree", Encoding.ASCII.GetString(stream.FromClient));
        Assert.Equal(answers ? "onethree" : "", Encoding.ASCII.GetString(stream.FromServer));
        Assert.Equal(answers ? ["11", "11", "8", "8", "13", "13"] : ["11", "8", "13"], await Tshark.FieldsAsync(Recording, "udp", "udp.length"));
    }

    [Fact]
    public async Task Messages_of_SEQPACKET_are_datagrams_and_long_ones_are_several()
    {
        byte[] message = RandomNumberGenerator.GetBytes(150_000);
        CancellationToken stop = TestContext.Current.CancellationToken;
        await using (PcapngRecorder recorder = new(Recording))
        {
            await using NetworkSocket listener = Network.Host.CreateSocket(AddressFamily.Unix, SocketType.Seqpacket);
            UnixDomainSocketEndPoint path = new(_folder.PathOf("s"));
            listener.Bind(path);
            listener.Listen(1);
            await using NetworkSocket client = Network.Host.CreateSocket(AddressFamily.Unix, SocketType.Seqpacket);
            client.Observer = recorder;
            client.SetOption(SocketOptionLevel.Socket, SocketOptionName.SendBuffer, 1_000_000);
            await client.ConnectAsync(path, stop);
            await using NetworkSocket server = await listener.AcceptAsync(stop);
            await client.SendAllAsync(message, cancellationToken: stop);
            await server.SendAllAsync("ok"u8.ToArray(), cancellationToken: stop);
            Assert.Equal(2, await client.ReceiveAsync(new byte[100], cancellationToken: stop));
        }

        await Tshark.AssertSoundAsync(Recording);
        FollowedStream stream = Assert.Single(await Tshark.FollowAsync(Recording, "udp"));
        Assert.Equal(message, stream.FromClient);
        Assert.Equal("ok"u8.ToArray(), stream.FromServer);
        Assert.Contains(await Tshark.FieldsAsync(Recording, "frame.comment", "frame.comment"), comment => comment.Contains("part 3 of 3 of one message of 150000 bytes", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TLS_that_ends_here_is_recorded_in_the_clear(bool atClient)
    {
        byte[] answer = RandomNumberGenerator.GetBytes(300_000);
        using TlsCertificate certificate = TlsCertificate.CreateSelfSigned(["localhost"]);
        await using (PcapngRecorder recorder = new(Recording))
        {
            await using Listener listener = await Network.Host.ListenAsync(
                Address("tls://127.0.0.1:0"), new ListenerOptions { Tls = new TlsServerOptions { Certificate = certificate }, Observer = atClient ? null : recorder });
            Task<Connection> accepting = AcceptAsync(listener);
            await using Connection client = await Network.Host.ConnectAsync(
                listener.Address, new ConnectorOptions { Tls = new TlsClientOptions { Pins = [certificate.Fingerprint] }, Observer = atClient ? recorder : null });
            await using Connection server = await accepting;
            await WriteAsync(client, "secret question"u8.ToArray());
            await ReadAsync(server, 15);
            await WriteAsync(server, answer);
            Assert.Equal(answer, await ReadAsync(client, answer.Length));
        }

        await Tshark.AssertSoundAsync(Recording);
        FollowedStream stream = Assert.Single(await Tshark.FollowAsync(Recording, "tcp"));
        Assert.Equal("secret question", Encoding.ASCII.GetString(stream.FromClient));
        Assert.Equal(answer, stream.FromServer);
        Assert.Contains(await Tshark.FieldsAsync(Recording, "frame.comment", "frame.comment"), comment => comment.Contains("Tls13", StringComparison.Ordinal) && comment.Contains("in the clear", StringComparison.Ordinal));
    }

    /// <summary>A connection, recorded at one end; both ends are closed in order behind what is done.</summary>
    private async Task TalkAsync(Address address, bool atClient, Func<Connection, Connection, Task> talk)
    {
        await using PcapngRecorder recorder = new(Recording);
        await using Listener listener = await Network.Host.ListenAsync(address, new ListenerOptions { Observer = atClient ? null : recorder });
        Task<Connection?> accepting = listener.AcceptAsync(TestContext.Current.CancellationToken).AsTask();
        Connection client = await Network.Host.ConnectAsync(listener.Address, new ConnectorOptions { Observer = atClient ? recorder : null });
        Connection server = (await accepting)!;
        await talk(client, server);
        await Task.WhenAll(client.DisposeAsync().AsTask(), server.DisposeAsync().AsTask());
        Assert.Equal(0, recorder.Dropped);
    }

    private static async Task<Connection> AcceptAsync(Listener listener)
    {
        Connection connection = (await listener.AcceptAsync(TestContext.Current.CancellationToken))!;
        await connection.HandshakeAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    private Address Address(string text) => Sockeye.Address.Parse(text.Replace("SOCKET", _folder.PathOf("s"), StringComparison.Ordinal));

    private static async Task WriteAsync(Connection connection, byte[] bytes)
    {
        await connection.Output.WriteAsync(bytes, TestContext.Current.CancellationToken);
    }

    private static async Task<byte[]> ReadAsync(Connection connection, int count)
    {
        ReadResult result = await connection.Input.ReadAtLeastAsync(count, TestContext.Current.CancellationToken);
        byte[] bytes = result.Buffer.Slice(0, count).ToArray();
        connection.Input.AdvanceTo(result.Buffer.GetPosition(count));
        return bytes;
    }
}
