using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sockeye.Tests.Observing.Views;

/// <summary>How conversations are shown: as lines, as a diagram, as JSON.</summary>
public sealed partial class ConversationViewTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly StringWriter _text = new();

    public void Dispose() => _text.Dispose();

    [Fact]
    public async Task As_lines()
    {
        ConversationViewOptions options = new() { Frames = Codecs.Parse("lines"), Columns = () => 70 };
        await TellAsync(new ConversationTextRecorder(_text, _clock, options));
        const string Expected = """
               0.000000 #1 -- tcp://127.0.0.1:CLIENT connected to tcp://127.0.0.1:1000
               0.000000 #1 -- connecting to tcp://127.0.0.1:2000
               0.000000 #1 -- connected to tcp://127.0.0.1:2000 in 0.000 ms
               1.500000 #1 -> 5 bytes "GET a"
               1.500000 #1 -> 8 bytes "\r\nGET b\n"
               1.500000 #1 -> frame of 7 bytes
               1.500000 #1 -> frame of 6 bytes
               1.500000 #1 => passed on 10 bytes at once, of 2 writes: 5 + 5…
               1.500000 #1 => passed on 3 bytes, a part of one write
               1.502000 #1 <- 12 bytes "世界\x1b[2J\r\n"
               1.502000 #1 <- frame of 12 bytes
               1.502000 #1 <- 53 bytes "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"…
               1.502000 #1 -> half-closed
               1.502000 #1 <- frame of 53 bytes
               1.502000 #1 <- half-closed
               1.502000 #1 -- closed after 1.502 s: 13 bytes to the server, 65 back

            """;
        Assert.Equal(Expected.ReplaceLineEndings("\n"), Shown());
        Assert.All(Shown().Split('\n').Where(line => line.Contains('"', StringComparison.Ordinal)), line => Assert.InRange(line.Length, 1, 70));
    }

    [Fact]
    public async Task As_lines_with_hexadecimal_digits_and_colours()
    {
        ConversationViewOptions options = new() { Hex = true, HexBytesMax = 32, Colours = true };
        await TellAsync(new ConversationTextRecorder(_text, _clock, options));
        string shown = Shown();
        Assert.Contains("\e[36m#1 -> 5 bytes\e[0m\n            00000000  47 45 54 20 61                                   |GET a|\n", shown, StringComparison.Ordinal);
        Assert.Contains("            00000005  0d 0a 47 45 54 20 62 0a                          |..GET b.|\n", shown, StringComparison.Ordinal);
        Assert.Contains("            00000000  e4 b8 96 e7 95 8c 1b 5b 32 4a 0d 0a              |.......[2J..|\n", shown, StringComparison.Ordinal);
        Assert.Contains("            … and 21 bytes more\n", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_a_sequence_diagram()
    {
        ConversationViewOptions options = new() { Frames = Codecs.Parse("lines"), Columns = () => 80 };
        await TellAsync(new SequenceRecorder(_text, _clock, options));
        const string Expected = """
                        #1 tcp://127.0.0.1:CLIENT                        tcp://127.0.0.1:1000
               0.000000 #1 │── connect ───────────────────────────────────────────────────▶│
               0.000000 #1 │  connected to tcp://127.0.0.1:2000 in 0.000 ms                │
                        #1 ┊                             1.5 s                             ┊
                        #1 ┊                                                               ┊
               1.500000 #1 │── 5 bytes "GET a" ───────────────────────────────────────────▶│
               1.500000 #1 │── 8 bytes "\r\nGET b\n" ─────────────────────────────────────▶│
               1.500000 #1 │  -> frame of 7 bytes                                          │
               1.500000 #1 │  -> frame of 6 bytes                                          │
               1.500000 #1 │  => passed on 10 bytes at once, of 2 writes: 5 + 5…           │
               1.500000 #1 │  => passed on 3 bytes, a part of one write                    │
               1.502000 #1 │◀──────────────────────────────── 12 bytes "世界\x1b[2J\r\n" ──│
               1.502000 #1 │  <- frame of 12 bytes                                         │
            """;
        string shown = Shown();
        string[] rows = shown.Split('\n');
        Assert.Equal(Expected.ReplaceLineEndings("\n").Replace("            #1", "#1", StringComparison.Ordinal).Split('\n').Select(Plain), rows.Take(13).Select(Plain));
        Assert.Contains("│── FIN ──────", shown, StringComparison.Ordinal);
        Assert.Contains("── FIN ──│", shown, StringComparison.Ordinal);
        Assert.Contains("│  1.502 s, 13 to the server, 65 bytes back ", shown, StringComparison.Ordinal);

        // The life lines are straight, wide characters or not.
        Assert.All(rows.Skip(1).Where(row => row.Length > 0), row => Assert.Equal(80, TextColumns.Count(row)));
    }

    /// <summary>A narrow terminal, as half of a split one is: nothing is wider, what was said stands below its arrow, and nothing is left out.</summary>
    [Fact]
    public async Task As_a_sequence_diagram_of_forty_columns()
    {
        ConversationViewOptions options = new() { Frames = Codecs.Parse("lines"), Columns = () => 40 };
        await TellAsync(new SequenceRecorder(_text, _clock, options));
        const string Expected = """
                     #1 tcp://127.0.0.1:CLIENT
                     #1         tcp://127.0.0.1:1000
               0.000 #1 │── connect ──────────────▶│
               0.000 #1 │  connected to            │
                     #1 │  tcp://127.0.0.1:2000 in │
                     #1 │  0.000 ms                │
                     #1 ┊          1.5 s           ┊
                     #1 ┊                          ┊
               1.500 #1 │── 5 bytes ──────────────▶│
                     #1 │  "GET a"                 │
               1.500 #1 │── 8 bytes ──────────────▶│
                     #1 │  "\r\nGET b\n"           │
               1.500 #1 │  -> frame of 7 bytes     │
               1.500 #1 │  -> frame of 6 bytes     │
               1.500 #1 │  => passed on 10 bytes at│
                     #1 │  once, of 2 writes: 5 +  │
                     #1 │  5…                      │
               1.500 #1 │  => passed on 3 bytes, a │
                     #1 │  part of one write       │
               1.502 #1 │◀───────────── 12 bytes ──│
                     #1 │  "世界\x1b[2J\r\n"       │
            """;
        string[] rows = Shown().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] expected = Expected.ReplaceLineEndings("\n").Split('\n');
        Assert.Equal(expected.Select(Plain), rows.Take(expected.Length).Select(Plain));
        Assert.All(rows.Skip(2), row => Assert.Equal(40, TextColumns.Count(row)));
    }

    [Fact]
    public async Task A_sequence_diagram_follows_the_width_of_its_terminal()
    {
        int columns = 90;
        SequenceRecorder recorder = new(_text, _clock, new ConversationViewOptions { Columns = () => columns });
        await using (TappedPair pair = await TappedPair.StartAsync(recorder, _clock))
        {
            foreach (int width in new[] { 90, 45, 45, 30 })
            {
                columns = width;
                await pair.SayAsync(fromClient: true, "hello"u8.ToArray());
                await recorder.FlushAsync();
            }
        }

        await recorder.DisposeAsync();
        string[] rows = _text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["90 heading", "90", "90", "90", "33 heading", "45 heading", "45", "45", "45", "45", "33 heading", "40 heading", "40", "40"],
            rows.Take(14).Select(row => TextColumns.Count(row) + (row.EndsWith('│') ? "" : " heading")));
    }

    [Fact]
    public async Task As_JSON()
    {
        await TellAsync(new JsonRecorder(_text, _clock, new ConversationViewOptions { Frames = Codecs.Parse("lines") }));
        JsonElement[] objects = [.. Shown().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.All(objects, item => Assert.Equal((1, 1), (item.GetProperty("schema").GetInt32(), item.GetProperty("conversation").GetInt32())));
        Assert.Equal(
            ["opened", "connecting", "connected", "data", "data", "frame", "frame", "data", "data", "data", "frame"],
            objects.Take(11).Select(item => item.GetProperty("event").GetString()!));
        JsonElement first = objects[3];
        Assert.Equal(("client", "source", 0, 5, "GET a"), (first.GetProperty("from").GetString(), first.GetProperty("at").GetString(),
            first.GetProperty("offset").GetInt32(), first.GetProperty("bytes").GetInt32(), first.GetProperty("text").GetString()));
        JsonElement passed = objects[7];
        Assert.Equal(("sink", 0, 10), (passed.GetProperty("at").GetString(), passed.GetProperty("offset").GetInt32(), passed.GetProperty("bytes").GetInt32()));
        Assert.False(passed.TryGetProperty("text", out _));
        JsonElement last = objects[^1];
        Assert.Equal(("finished", 13, 65), (last.GetProperty("event").GetString(), last.GetProperty("bytesFromClient").GetInt32(), last.GetProperty("bytesFromServer").GetInt32()));
    }

    [Fact]
    public async Task What_is_no_frame_is_said_once()
    {
        ConversationTextRecorder recorder = new(_text, _clock, new ConversationViewOptions { Frames = Codecs.Parse("netstring") });
        await using (TappedPair pair = await TappedPair.StartAsync(recorder, _clock))
        {
            await pair.SayAsync(fromClient: true, "5:hello,x"u8.ToArray(), "y"u8.ToArray(), "z"u8.ToArray());
        }

        await recorder.DisposeAsync();
        Assert.Contains("#1 -> frame of 8 bytes", _text.ToString(), StringComparison.Ordinal);
        Assert.Single(_text.ToString().Split('\n'), line => line.Contains("no frame", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, 61)]
    [InlineData(1, 61)]
    [InlineData(1, 40)]
    [InlineData(2, 61)]
    public async Task Random_bytes_never_break_the_terminal(int view, int columns)
    {
        Random random = new(view);
        ConversationViewOptions options = new() { Frames = Codecs.Parse("lines:max=100"), Columns = () => columns };
        SocketRecorder recorder = view switch
        {
            0 => new ConversationTextRecorder(_text, _clock, options),
            1 => new SequenceRecorder(_text, _clock, options),
            _ => new ConversationTextRecorder(_text, _clock, options with { Hex = true }),
        };
        await using (TappedPair pair = await TappedPair.StartAsync(recorder, _clock))
        {
            for (int i = 0; i < 500; i++)
            {
                byte[] bytes = new byte[random.Next(1, 200)];
                random.NextBytes(bytes);
                if (i % 3 == 0)
                    Array.ForEach(bytes, value => bytes[random.Next(bytes.Length)] = (byte)random.Next(0x20));
                await pair.SayAsync(fromClient: i % 2 == 0, bytes);
                await pair.PassAsync(fromClient: i % 2 == 0, bytes);
            }
        }

        await recorder.DisposeAsync();
        Assert.Equal(0, recorder.Dropped);
        string shown = _text.ToString();
        Assert.DoesNotContain(shown, character => char.IsControl(character) && character != '\n');
        Assert.Equal(500, DataRows().Count(shown));
        if (view == 1)
            Assert.All(shown.Split('\n'), row => Assert.InRange(TextColumns.Count(row), 0, columns));
    }

    /// <summary>The story that the views tell: two writes that stick together and are cut elsewhere, an answer with an escape sequence, one too long to be shown, an end.</summary>
    private async Task TellAsync(SocketRecorder recorder)
    {
        await using (TappedPair pair = await TappedPair.StartAsync(recorder, _clock))
        {
            _clock.Advance(TimeSpan.FromSeconds(1.5));
            await pair.SayAsync(fromClient: true, "GET a"u8.ToArray(), "\r\nGET b\n"u8.ToArray());
            await pair.PassAsync(fromClient: true, "GET a\r\nGET"u8.ToArray(), " b\n"u8.ToArray());
            _clock.Advance(TimeSpan.FromMilliseconds(2));
            await pair.SayAsync(fromClient: false, Encoding.UTF8.GetBytes("世界\e[2J\r\n"));
            await pair.PassAsync(fromClient: false, Encoding.UTF8.GetBytes("世界\e[2J\r\n"));
            byte[] much = Encoding.ASCII.GetBytes(new string('a', 53));
            await pair.SayAsync(fromClient: false, much);
            await pair.PassAsync(fromClient: false, much);
            await pair.EndAsync();
        }

        await recorder.DisposeAsync();
        Assert.Equal(0, recorder.Dropped);
    }

    private string Shown() => ClientPort().Replace(_text.ToString(), "127.0.0.1:CLIENT");

    private static string Plain(string row) => row.Trim();

    [GeneratedRegex(@"127\.0\.0\.1:(?!1000|2000)\d{5}\b")]
    private static partial Regex ClientPort();

    [GeneratedRegex(@"^ *[0-9.]+ #1 (->|<-|│──|│◀─+) ?\d+ byte", RegexOptions.Multiline)]
    private static partial Regex DataRows();
}
