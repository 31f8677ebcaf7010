using System.IO.Pipelines;
using System.Text;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Capture;

/// <summary><c>--pcap</c> of each verb that has it, from end to end: what was said is what Wireshark finds.</summary>
public sealed class VerbPcapTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private string Recording => _folder.PathOf("talk.pcapng");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Of_connect()
    {
        await using ServingPeer server = await ServingPeer.UpperAsync();
        await using Peer sockeye = Programs.Sockeye("connect", $"{server.Address}", "--pcap", Recording);
        await TalkAsync(sockeye);
        await AssertRecordedAsync("tcp");
    }

    [Theory]
    [InlineData("clear", "tcp")]
    [InlineData("encrypted", "tls")]
    public async Task Of_connect_over_TLS(string how, string protocol)
    {
        await using ServingPeer server = await ServingPeer.UpperAsync("tls://localhost:0", "--self-signed");
        await using Peer sockeye = Programs.Sockeye("connect", $"tls://localhost:{server.Address.Port}", "--insecure", "--pcap", Recording, "--pcap-tls", how);
        await TalkAsync(sockeye);
        Assert.Equal(how == "clear", Encoding.Latin1.GetString(await File.ReadAllBytesAsync(Recording, TestContext.Current.CancellationToken)).Contains("HELLO", StringComparison.Ordinal));
        await AssertRecordedAsync(protocol, server.Address.Port);
    }

    [Fact]
    public async Task Of_listen()
    {
        await using ServingPeer sockeye = await ServingPeer.ListenAsync(ServingPeer.AnyPort, "--pcap", Recording);
        await using (Connection client = await Network.Host.ConnectAsync(sockeye.Address, cancellationToken: TestContext.Current.CancellationToken))
        {
            await client.WriteAsync("hello\n"u8.ToArray(), TestContext.Current.CancellationToken);
            await sockeye.Peer.SaysAsync("hello");
            await sockeye.Peer.TypeAsync("HELLO");
            await client.Output.CompleteAsync();
            sockeye.Peer.EndInput();
            Assert.Equal("HELLO\n", await ReadAllAsync(client));
        }

        Assert.Equal(0, await sockeye.Peer.EndAsync());
        await AssertRecordedAsync("tcp");
    }

    [Fact]
    public async Task Of_tap()
    {
        await using ServingPeer server = await ServingPeer.UpperAsync();
        await using ServingPeer tap = await ServingPeer.TapAsync(ServingPeer.AnyPort, server.Address, "--pcap", Recording);
        await using (Connection client = await Network.Host.ConnectAsync(tap.Address, cancellationToken: TestContext.Current.CancellationToken))
        {
            await client.WriteAsync("hello\n"u8.ToArray(), TestContext.Current.CancellationToken);
            await client.Output.CompleteAsync();
            Assert.Equal("HELLO\n", await ReadAllAsync(client));
        }

        await tap.Peer.InterruptAsync();
        Assert.Equal(0, await tap.Peer.EndAsync());
        await AssertRecordedAsync("tcp");
    }

    [Fact]
    public async Task Of_the_hub()
    {
        await using Peer hub = Programs.Sockeye("hub", "--data", _folder.PathOf("data"), "--text", "tcp://127.0.0.1:0", "--web", "off", "--udp", "off", "--unix", "off", "--pcap", Recording);
        Address door = await hub.ServedAddressAsync();
        const string Said = "/name Ana\nhello, world\n/quit\n";
        string heard;
        await using (Connection client = await Network.Host.ConnectAsync(door, cancellationToken: TestContext.Current.CancellationToken))
        {
            await client.WriteAsync(Encoding.ASCII.GetBytes(Said), TestContext.Current.CancellationToken);
            heard = await ReadAllAsync(client);
        }

        await hub.InterruptAsync();
        Assert.Equal(0, await hub.EndAsync());
        await Tshark.AssertSoundAsync(Recording);
        FollowedStream stream = Assert.Single(await Tshark.FollowAsync(Recording, "tcp"));
        Assert.Equal(Said, Encoding.ASCII.GetString(stream.FromClient));
        Assert.Equal(heard, Encoding.UTF8.GetString(stream.FromServer));
        Assert.Contains("Ana", heard, StringComparison.Ordinal);
    }

    /// <summary>Nobody closes the file then: what was flushed is a whole one.</summary>
    [Fact]
    public async Task Of_a_program_that_is_killed()
    {
        await using (ServingPeer server = await ServingPeer.UpperAsync(ServingPeer.AnyPort, "--pcap", Recording))
        {
            await using Connection client = await Network.Host.ConnectAsync(server.Address, cancellationToken: TestContext.Current.CancellationToken);
            await client.WriteAsync("hello\n"u8.ToArray(), TestContext.Current.CancellationToken);
            ReadResult result = await client.Input.ReadAtLeastAsync(6, TestContext.Current.CancellationToken);
            client.Input.AdvanceTo(result.Buffer.End);
            using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            stop.CancelAfter(Hang.Limit);
            while (!(await ReadSharedAsync(stop.Token)).Contains("HELLO", StringComparison.Ordinal))
                await Task.Delay(10, stop.Token);
        }

        await AssertRecordedAsync("tcp");
    }

    /// <summary>Types a word, reads the answer, ends.</summary>
    private static async Task TalkAsync(Peer sockeye)
    {
        await sockeye.TypeAsync("hello");
        await sockeye.SaysAsync("HELLO");
        sockeye.EndInput();
        Assert.Equal(0, await sockeye.EndAsync());
    }

    private async Task AssertRecordedAsync(string protocol, int? serverPort = null)
    {
        await Tshark.AssertSoundAsync(Recording);
        FollowedStream stream = Assert.Single(await Tshark.FollowAsync(Recording, protocol));

        // Of TLS it does not always know who began.
        if (serverPort is { } port && stream.Client.EndsWith($":{port}", StringComparison.Ordinal))
            stream = new FollowedStream(stream.Server, stream.Client, stream.FromServer, stream.FromClient);
        Assert.Equal("hello\n|HELLO\n", $"{Encoding.ASCII.GetString(stream.FromClient)}|{Encoding.ASCII.GetString(stream.FromServer)}");
    }

    private static async Task<string> ReadAllAsync(Connection connection)
    {
        using StreamReader reader = new(connection.AsStream());
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The file as it is while the program writes it.</summary>
    private async Task<string> ReadSharedAsync(CancellationToken stop)
    {
        await using FileStream file = new(Recording, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using StreamReader reader = new(file, Encoding.Latin1);
        return await reader.ReadToEndAsync(stop);
    }
}
