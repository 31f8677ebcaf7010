using System.Text;
using Sockeye.Cli.Talking;

namespace Sockeye.Cli.Tests.Talking;

public class ProtocolWatchTests
{
    private static readonly byte[] Alert = [0x15, 3, 3, 0, 2, 2, 10];

    [Fact]
    public async Task A_TLS_alert_gives_a_plain_port_away()
    {
        ProtocolWatch watch = await TalkAsync("tcp://127.0.0.1:80", "hello\n"u8.ToArray(), Alert);
        Assert.Equal("tcp://127.0.0.1:80 answered with a TLS alert (unexpected message): that port speaks TLS; try tls://127.0.0.1:80", watch.FindOther());
        Assert.Null(watch.ExplainSilence());
    }

    [Fact]
    public async Task So_does_a_web_server_that_asks_for_it()
    {
        ProtocolWatch watch = await TalkAsync("tcp://[::1]:443", "GET / HTTP/1.0\r\n\r\n"u8.ToArray(), "HTTP/1.1 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"u8.ToArray());
        Assert.EndsWith("that port speaks TLS; try tls://[::1]:443", watch.FindOther(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_speaks_TLS_by_hand_is_told_nothing() =>
        Assert.Null((await TalkAsync("tcp://127.0.0.1:80", [0x16, 3, 1, 0, 1, 1], Alert)).FindOther());

    [Fact]
    public async Task A_close_without_a_word_is_explained()
    {
        ProtocolWatch watch = await TalkAsync("tcp://127.0.0.1:80", "hello\n"u8.ToArray(), []);
        Assert.Null(watch.FindOther());
        Assert.Equal("tcp://127.0.0.1:80 closed without a word to what was sent: it may expect TLS (try tls://127.0.0.1:80), or another protocol", watch.ExplainSilence());
    }

    [Fact]
    public async Task Nothing_is_said_of_an_answer_or_where_nothing_was_asked()
    {
        ProtocolWatch answered = await TalkAsync("tcp://127.0.0.1:80", "hello\n"u8.ToArray(), "HELLO\n"u8.ToArray());
        Assert.Equal((null, null), (answered.FindOther(), answered.ExplainSilence()));
        ProtocolWatch silent = await TalkAsync("tcp://127.0.0.1:80", [], []);
        Assert.Equal((null, null), (silent.FindOther(), silent.ExplainSilence()));
    }

    [Theory]
    [InlineData("a file\n", false, false)]
    [InlineData("a file\n", true, true)]
    [InlineData("GET / HTTP/1.0\r\n\r\n", false, true)]
    public async Task Silence_is_strange_of_who_ends_first_or_was_asked(string request, bool peerEndsFirst, bool isStrange) =>
        Assert.Equal(isStrange, (await TalkAsync("tcp://127.0.0.1:80", Encoding.ASCII.GetBytes(request), [], peerEndsFirst)).IsSilenceStrange);

    private static async Task<ProtocolWatch> TalkAsync(string text, byte[] request, byte[] answer, bool peerEndsFirst = false)
    {
        Address address = text;
        await using MemoryNetwork network = new();
        await using Listener listener = await network.ListenAsync(address);
        ProtocolWatch watch = new(address);
        await using Connection client = await network.ConnectAsync(address, new ConnectorOptions { Observer = watch });
        await using Connection server = (await listener.AcceptAsync())!;
        await client.WriteAsync(request);
        if (!peerEndsFirst)
            await client.Output.CompleteAsync();
        await server.WriteAsync(answer);
        await server.Output.CompleteAsync();
        await client.AsStream().CopyToAsync(Stream.Null).WaitAsync(Lines.Patience);
        await client.Output.CompleteAsync();
        return watch;
    }
}
