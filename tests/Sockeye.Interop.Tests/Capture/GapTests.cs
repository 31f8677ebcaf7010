using System.Globalization;
using System.IO.Pipelines;
using System.Text.RegularExpressions;
using Sockeye.Interop.Tests.Peers;

namespace Sockeye.Interop.Tests.Capture;

/// <summary>Events that come while the recorder cannot write: a hole, which Wireshark takes for lost segments and for nothing worse.</summary>
public sealed class GapTests : IDisposable
{
    private const int QueuedEventsMax = 8;
    private const int Messages = 100;

    private readonly ScratchFolder _folder = new();

    private string Recording => _folder.PathOf("recording.pcapng");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Dropped_events_leave_a_hole_that_says_how_large_it_is()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        using SlowFile file = new(Recording);
        long sent = 0, dropped;
        await using (PcapngRecorder recorder = new(file, new PcapngRecorderOptions { QueuedEventsMax = QueuedEventsMax }))
        {
            await using Listener listener = await Network.Host.ListenAsync(Address.Parse("tcp://127.0.0.1:0"), cancellationToken: stop);
            await using Connection client = await Network.Host.ConnectAsync(listener.Address, new ConnectorOptions { Observer = recorder }, stop);
            await using Connection server = (await listener.AcceptAsync(stop))!;
            await recorder.FlushAsync();
            file.Hold();
            for (int i = 0; i < Messages; i++)
            {
                await client.WriteAsync(new byte[1000], stop);
                ReadResult result = await server.Input.ReadAtLeastAsync(1000, stop);
                server.Input.AdvanceTo(result.Buffer.End);
                sent += 1000;
            }

            dropped = recorder.Dropped;
            Assert.NotEqual(0, dropped);
            file.Release();
            await recorder.FlushAsync();
            await client.WriteAsync("the end"u8.ToArray(), stop);
            await server.WriteAsync("heard"u8.ToArray(), stop);
            ReadResult heard = await client.Input.ReadAtLeastAsync(5, stop);
            client.Input.AdvanceTo(heard.Buffer.End);
        }

        await Tshark.AssertSoundButForHolesAsync(Recording);
        string comments = string.Join('\n', await Tshark.FieldsAsync(Recording, "frame.comment", "frame.comment"));
        Assert.Equal(dropped * 1000, Sum(comments, @"(\d+) bytes are missing before this"));
        Assert.Equal(dropped, Sum(comments, @"(\d+) events? (was|were) dropped before this"));
        string end = Assert.Single(await Tshark.FieldsAsync(Recording, "tcp.payload contains \"the end\"", "tcp.seq"));
        Assert.Equal($"{sent + 1}", end);
    }

    /// <summary>What a connection said before it was observed is no hole.</summary>
    [Fact]
    public async Task A_connection_that_is_observed_later_begins_there()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        await using (Listener listener = await Network.Host.ListenAsync(Address.Parse("tcp://127.0.0.1:0"), cancellationToken: stop))
        await using (PcapngRecorder recorder = new(Recording))
        {
            await using Connection client = await Network.Host.ConnectAsync(listener.Address, cancellationToken: stop);
            await using Connection server = (await listener.AcceptAsync(stop))!;
            await SayAsync(client, server, new byte[5000]);
            await SayAsync(server, client, new byte[70]);
            using IDisposable observing = client.Observe(recorder);
            await SayAsync(server, client, "answer"u8.ToArray());
            await SayAsync(client, server, "question"u8.ToArray());
        }

        await Tshark.AssertSoundAsync(Recording);
        FollowedStream stream = Assert.Single(await Tshark.FollowAsync(Recording, "tcp"));
        Assert.Equal("question"u8.ToArray(), stream.FromClient);
        Assert.Equal("answer"u8.ToArray(), stream.FromServer);
    }

    private static long Sum(string text, string pattern) =>
        Regex.Matches(text, pattern, RegexOptions.CultureInvariant, Hang.Limit).Sum(match => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));

    private static async Task SayAsync(Connection from, Connection to, byte[] bytes)
    {
        await from.WriteAsync(bytes, TestContext.Current.CancellationToken);
        ReadResult result = await to.Input.ReadAtLeastAsync(bytes.Length, TestContext.Current.CancellationToken);
        to.Input.AdvanceTo(result.Buffer.End);
    }

    /// <summary>A file whose writes can be made to wait.</summary>
    private sealed class SlowFile(string path) : FileStream(path, FileMode.Create)
    {
        private readonly ManualResetEventSlim _open = new(initialState: true);

        public void Hold() => _open.Reset();

        public void Release() => _open.Set();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (!_open.Wait(Hang.Limit))
                throw new IOException("Nobody lets it write.");
            base.Write(buffer);
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            _open.Dispose();
        }
    }
}
