using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Capture;

/// <summary><c>--pcap</c> of the program, read by Wireshark.</summary>
public sealed class SockeyePcapTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private string Recording => _folder.PathOf("talk.pcapng");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("client", 1)]
    [InlineData("target", 1)]
    [InlineData("both", 2)]
    public async Task A_relay_records_the_side_that_is_asked_for(string side, int streams)
    {
        byte[] up = RandomNumberGenerator.GetBytes(700_000);
        await using ServingPeer target = await ServingPeer.EchoAsync();
        await using ServingPeer relay = await ServingPeer.RelayAsync(ServingPeer.AnyPort, target.Address, "--pcap", Recording, "--pcap-side", side);
        byte[] down = await ExchangeAsync(relay.Address, up);
        await StopAsync(relay.Peer);

        await Tshark.AssertSoundAsync(Recording);
        IReadOnlyList<FollowedStream> found = await Tshark.FollowAsync(Recording, "tcp", streams);
        Assert.All(found, stream => Assert.Equal(up, stream.FromClient));
        Assert.All(found, stream => Assert.Equal(down, stream.FromServer));
        int[] ports = [.. found.Select(stream => int.Parse(stream.Server[(stream.Server.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture))];
        int[] expected = side switch { "client" => [relay.Address.Port], "target" => [target.Address.Port], _ => [relay.Address.Port, target.Address.Port] };
        Assert.Equal(expected.Order(), ports.Order());
    }

    [Fact]
    public async Task Datagrams_through_a_relay_are_recorded()
    {
        await using ServingPeer target = await ServingPeer.UpperAsync("udp://127.0.0.1:0");
        await using ServingPeer relay = await ServingPeer.RelayAsync("udp://127.0.0.1:0", target.Address, "--pcap", Recording);
        await using (DatagramSocket client = await Network.Host.ConnectDatagramAsync(relay.Address, TestContext.Current.CancellationToken))
        {
            await client.SendAsync("hello"u8.ToArray(), TestContext.Current.CancellationToken);
            Assert.Equal("HELLO"u8.ToArray(), (await client.ReceiveAsync(new byte[100], TestContext.Current.CancellationToken)).Bytes.ToArray());
        }

        await StopAsync(relay.Peer);
        await Tshark.AssertSoundAsync(Recording);
        FollowedStream stream = Assert.Single(await Tshark.FollowAsync(Recording, "udp"));
        Assert.Equal("hello|HELLO", $"{Encoding.ASCII.GetString(stream.FromClient)}|{Encoding.ASCII.GetString(stream.FromServer)}");
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task TLS_is_decrypted_by_Wireshark_with_the_keys_in_the_file(string version)
    {
        await using ServingPeer server = await ServingPeer.UpperAsync("tls://localhost:0", "--self-signed", "--pcap", Recording, "--pcap-tls", "encrypted");
        await using (Peer client = Programs.OpenSsl("s_client", "-connect", $"localhost:{server.Address.Port}", "-servername", "localhost", "-quiet", version))
        {
            await client.TypeAsync("a private word");
            await client.SaysAsync("A PRIVATE WORD");
            await client.TypeAsync("another");
            await client.SaysAsync("ANOTHER");
        }

        await StopAsync(server.Peer);
        await Tshark.AssertSoundAsync(Recording);
        Assert.DoesNotContain("private", Encoding.Latin1.GetString(await File.ReadAllBytesAsync(Recording, TestContext.Current.CancellationToken)), StringComparison.OrdinalIgnoreCase);
        FollowedStream stream = Assert.Single(await Tshark.FollowAsync(Recording, "tls"));

        // Of TLS it does not always know who began.
        if (stream.Client.EndsWith($":{server.Address.Port}", StringComparison.Ordinal))
            stream = new FollowedStream(stream.Server, stream.Client, stream.FromServer, stream.FromClient);
        Assert.Equal("a private word\nanother\n|A PRIVATE WORD\nANOTHER\n", $"{Encoding.ASCII.GetString(stream.FromClient)}|{Encoding.ASCII.GetString(stream.FromServer)}");
    }

    [Fact]
    public async Task TLS_is_in_the_clear_unless_told()
    {
        await using ServingPeer server = await ServingPeer.UpperAsync("tls://localhost:0", "--self-signed", "--pcap", Recording);
        await using (Peer client = Programs.OpenSsl("s_client", "-connect", $"localhost:{server.Address.Port}", "-quiet"))
        {
            await client.TypeAsync("hello");
            await client.SaysAsync("HELLO");
        }

        await StopAsync(server.Peer);
        await Tshark.AssertSoundAsync(Recording);
        FollowedStream stream = Assert.Single(await Tshark.FollowAsync(Recording, "tcp"));
        Assert.Equal("hello\n|HELLO\n", $"{Encoding.ASCII.GetString(stream.FromClient)}|{Encoding.ASCII.GetString(stream.FromServer)}");
    }

    [Fact]
    public async Task Every_file_of_a_long_recording_is_sound_and_together_they_have_all()
    {
        byte[] up = RandomNumberGenerator.GetBytes(1_500_000);
        await using ServingPeer target = await ServingPeer.EchoAsync();
        await using ServingPeer relay = await ServingPeer.RelayAsync(ServingPeer.AnyPort, target.Address, "--pcap", Recording, "--pcap-size", "1MB");
        byte[] down = await ExchangeAsync(relay.Address, up);
        await StopAsync(relay.Peer);

        List<byte> foundUp = [], foundDown = [];
        string[] files = [.. Enumerable.Range(1, 9).Reverse().Select(age => _folder.PathOf($"talk.{age}.pcapng")).Where(File.Exists), Recording];
        Assert.True(files.Length >= 3, $"{files.Length} files");
        foreach (string file in files)
        {
            await Tshark.AssertSoundAsync(file);
            FollowedStream stream = Assert.Single(await Tshark.FollowAsync(file, "tcp"));
            foundUp.AddRange(stream.FromClient);
            foundDown.AddRange(stream.FromServer);
        }

        Assert.Equal(up, foundUp.ToArray());
        Assert.Equal(down, foundDown.ToArray());
        Assert.Contains(await Tshark.FieldsAsync(Recording, "frame.comment", "frame.comment"), comment => comment.Contains("made up", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_disk_that_is_full_from_the_start_stops_nothing()
    {
        await using ServingPeer server = await ServingPeer.UpperAsync(ServingPeer.AnyPort, "--pcap", "/dev/full");
        Assert.Equal("HELLO"u8.ToArray(), await ExchangeAsync(server.Address, "hello"u8.ToArray()));
        Assert.Equal("HELLO"u8.ToArray(), await ExchangeAsync(server.Address, "hello"u8.ToArray()));
        await StopAsync(server.Peer);
        Assert.Contains("No space left on device; what happens meanwhile is not recorded", server.Peer.Errors, StringComparison.Ordinal);
        Assert.Contains("could not be written", server.Peer.Errors, StringComparison.Ordinal);
    }

    /// <summary>Sends all, hears all that comes back, and both end.</summary>
    private static async Task<byte[]> ExchangeAsync(Address server, byte[] bytes)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        await using Connection connection = await Network.Host.ConnectAsync(server, cancellationToken: stop);
        Task writing = WriteAsync(connection, bytes);
        byte[] answer = [];
        while (true)
        {
            ReadResult result = await connection.Input.ReadAsync(stop);
            if (result.IsCompleted)
            {
                answer = [.. answer, .. result.Buffer.ToArray()];
                break;
            }

            answer = [.. answer, .. result.Buffer.ToArray()];
            connection.Input.AdvanceTo(result.Buffer.End);
        }

        await writing;
        Assert.Equal(bytes.Length, answer.Length);
        return answer;
    }

    private static async Task WriteAsync(Connection connection, byte[] bytes)
    {
        await connection.Output.WriteAsync(bytes, TestContext.Current.CancellationToken);
        await connection.Output.CompleteAsync();
    }

    private static async Task StopAsync(Peer peer)
    {
        await peer.InterruptAsync();
        Assert.Equal(0, await peer.EndAsync());
    }
}
