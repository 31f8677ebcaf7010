using System.Buffers;

namespace Sockeye.Tests.Framing;

/// <summary>A codec, what it writes, and what it must refuse. Bytes are Latin-1 text.</summary>
/// <param name="Text">The codec, for <see cref="Codecs.Parse"/>, without its limit.</param>
/// <param name="Wire">The frames as they stand in the stream, in hex.</param>
/// <param name="Frames">The frames.</param>
public sealed record CodecCase(string Text, string Wire, params string[] Frames)
{
    /// <summary>Streams that are the peer's fault whatever follows.</summary>
    public string[] Malformed { get; init; } = [];

    /// <summary>Frames that this codec cannot write, apart from their size.</summary>
    public string[] Unwritable { get; init; } = [];

    /// <summary>Makes a frame that can be written of any bytes, no longer than they are unless the codec has but one size.</summary>
    public Func<string, string> Adapt { get; init; } = text => text;

    /// <summary>Whether the end of the stream ends a frame.</summary>
    public bool LastMayLackItsEnd { get; init; }

    /// <summary>How many bytes in front of each frame are none of it.</summary>
    public int Fill { get; init; }

    /// <summary>Whether it reads each frame's headers as text.</summary>
    public bool AllocatesForItsHead { get; init; }

    public bool HasLimit => !Text.StartsWith("fixed", StringComparison.Ordinal);

    public static IReadOnlyDictionary<string, CodecCase> All { get; } = new CodecCase[]
    {
        new("lines", "6869 0A 0A 61620D63 0A", "hi", "", "ab\rc")
        {
            Unwritable = ["a\nb", "\n", "a\r"],
            Adapt = text => text.Replace("\n", "", StringComparison.Ordinal).TrimEnd('\r'),
            LastMayLackItsEnd = true,
        },
        new("crlf", "6869 0D0A 0D0A 610D 0D0A", "hi", "", "a\r")
        {
            Unwritable = ["a\nb", "\n"],
            Adapt = text => text.Replace("\n", "", StringComparison.Ordinal),
            LastMayLackItsEnd = true,
        },
        new("delimiter:%00", "6869 00 00 0A0D 00", "hi", "", "\n\r")
        {
            Unwritable = ["a\0b", "\0"],
            Adapt = text => text.Replace("\0", "", StringComparison.Ordinal),
        },
        new("delimiter:%0D%0A%0D%0A", "6869 0D0A0D0A 0D0A0D0A 0D0A61 0D0A0D0A 0A0D 0D0A0D0A", "hi", "", "\r\na", "\n\r")
        {
            Unwritable = ["\r\n\r\n", "a\r\n\r\nb", "a\r\n"],
            Adapt = text => text.Replace("\n", "", StringComparison.Ordinal),
        },
        new("delimiter:abaab", "6869 6162616162 6162616263 6162616162", "hi", "ababc")
        {
            Unwritable = ["abaab", "aba", "xaba", "ababaab"],
            Adapt = text => text.Replace('a', 'c'),
        },
        new("fixed:3", "686921 000A0D", "hi!", "\0\n\r")
        {
            Unwritable = ["", "hi", "four"],
            Adapt = text => text.PadRight(3)[..3],
        },
        new("length:1", "02 6869 00 01 0A", "hi", "", "\n"),
        new("length:1:self", "03 6869 01 02 0A", "hi", "", "\n") { Malformed = ["\0", "\x02x\0"] },
        new("length:1:little", "02 6869 00 01 0A", "hi", "", "\n"),
        new("length:1:little:self", "03 6869 01 02 0A", "hi", "", "\n") { Malformed = ["\0"] },
        new("length:2", "0002 6869 0000", "hi", ""),
        new("length:2:little", "0200 6869 0000", "hi", ""),
        new("length:2:self", "0004 6869 0002", "hi", "") { Malformed = ["\0\0", "\0\x01"] },
        new("length:2:little:self", "0400 6869 0200", "hi", "") { Malformed = ["\0\0", "\x01\0"] },
        new("length:4", "00000002 6869 00000000", "hi", ""),
        new("length:4:little", "02000000 6869 00000000", "hi", ""),
        new("length:4:self", "00000006 6869 00000004", "hi", "") { Malformed = ["\0\0\0\x03"] },
        new("length:4:little:self", "06000000 6869 04000000", "hi", "") { Malformed = ["\x03\0\0\0"] },
        new("length:8", "0000000000000002 6869", "hi"),
        new("length:8:little", "0200000000000000 6869", "hi"),
        new("length:8:self", "000000000000000A 6869", "hi") { Malformed = ["\0\0\0\0\0\0\0\x07"] },
        new("length:8:little:self", "0A00000000000000 6869 0800000000000000", "hi", "") { Malformed = ["\x07\0\0\0\0\0\0\0"] },
        new("varint", "02 6869 00 01 80", "hi", "", "\x80") { Malformed = ["\x80\0", "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02"] },
        new("netstring", "323A 6869 2C 303A 2C 313A 2C 2C", "hi", "", ",")
        {
            Malformed = [":", "a", " 1:a,", "+1:a,", "-1:a,", "00:,", "01:a,", "1;a,", "1 :a,", "1:ab", "0:x", "3:abc\n", "2:hi,x"],
        },
        new("slip", "C0 6869 C0 C0 DBDC 61 DBDD C0", "hi", "\xC0" + "a\xDB")
        {
            Malformed = ["\xDB\xC0", "a\xDB\xDB\xC0", "\xDB" + "a\xC0", "\xDB\xDC\xDB\xC0", "ok\xC0\xDB\0\xC0"],
            Unwritable = [""],
            Adapt = text => text.Length == 0 ? "?" : text,
            Fill = 1,
        },
        new("cobs", "03 6869 00 01 00 01 01 00 02 61 02 62 00", "hi", "", "\0", "a\0b")
        {
            Malformed = ["\x02\0", "\x05" + "abc\0", "\xFF\0", "\x02" + "a\x03" + "b\0"],
        },
        new("jsonl", "7B7D 0A 2268C3A922 0A 5B315D 0A", "{}", "\"h\xC3\xA9\"", "[1]")
        {
            Malformed = ["x\n", "{\n", "1 2\n", "{}{}\n", "[1,]\n", "'a'\n", "// no\n1\n", "\"\xFF\"\n", "\"\xC3\"\n", "\xEF\xBB\xBF{}\n", "nul\n", "\0\n"],
            Unwritable = ["", " ", "x", "{", "[1,\n2]", "1\r", "\"\xFF\"", "1\n"],
            Adapt = text => "\"" + string.Concat(text.Where(char.IsAsciiLetter).Skip(2)) + "\"",
            LastMayLackItsEnd = true,
        },
        new("resp", "2B4F4B0D0A 2A320D0A24320D0A68690D0A3A310D0A 50494E470D0A", "+OK\r\n", "*2\r\n$2\r\nhi\r\n:1\r\n", "PING\r\n")
        {
            Malformed =
            [
                ":x\r\n", ":\r\n", ":1\n", ":1 \r\n", "$-2\r\n", "*-2\r\n", "%-1\r\n", "!-1\r\n", "$01\r\n", "$ 1\r\n", "$+1\r\n", "$1\r\nab\r\n", "+a\n", "+a\rb\r\n",
                "#x\r\n", "#tt\r\n", "_x\r\n", "(1a\r\n", "(-\r\n", "(1-\r\n", ",x1\r\n", ",\r\n", "=3\r\ntxt\r\n", "=4\r\ntxt;\r\n", "*?\r\n", "$?\r\n", ";1\r\n", ".\r\n",
                "\0", "\x7F", "*1\r\nPING\r\n", "*1\r\n\r\n", ":00000000000000000000000000000000", "$00000000000000000000000000000000", "*1\r\n*1\r\nx",
            ],
            Unwritable = ["", "PING", "+OK\r\n+OK\r\n", "$3\r\nab\r\n", "*1\r\n", "\0"],
            Adapt = text => $"${Math.Min(text.Length, 30)}\r\n{text[..Math.Min(text.Length, 30)]}\r\n",
        },
        new("http", "474554202F20485454502F312E310D0A0D0A 505554202F20485454502F312E310D0A436F6E74656E742D4C656E6774683A310D0A0D0A78 485454502F312E3120323034200D0A0D0A", "GET / HTTP/1.1\r\n\r\n", "PUT / HTTP/1.1\r\nContent-Length:1\r\n\r\nx", "HTTP/1.1 204 \r\n\r\n")
        {
            Malformed =
            [
                "\x16\x03\x01", "GET\r\n", " / HTTP/1.1\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n", "GET / HTTP/2.0\r\n\r\n", "GET / HTTP/1.10\r\n\r\n", "GET /\r\n\r\n", "GET  HTTP/1.1\r\n\r\n",
                "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000\r\n\r\n", "HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\n: x\r\n\r\n", "GET / HTTP/1.1\r\nX\r\n\r\n",
                "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "GET / HTTP/1.1\r\nContent-Length: \r\n\r\n", new string('A', 33), "\rGET", "\n",
            ],
            Unwritable = ["", "GET / HTTP/1.1\r\n", "HTTP/1.1 200 \r\n\r\n", "\r\nGET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n"],
            Adapt = text => $"GET /{string.Concat(text.Where(char.IsAsciiLetter).Take(20))} HTTP/1.1\r\n\r\n",
            AllocatesForItsHead = true,
        },
    }.ToDictionary(each => each.Text);

    public byte[] WireBytes => Convert.FromHexString(Wire.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>A frame of exactly this size that the codec can write.</summary>
    public string FrameOf(int size) => Text switch
    {
        "jsonl" => $"\"{new string('x', size - 2)}\"",
        "resp" => $"+{new string('x', size - 3)}\r\n",
        "http" => $"GET /{new string('x', size - 18)} HTTP/1.1\r\n\r\n",
        _ => new string('x', size),
    };

    public FrameCodec<ReadOnlySequence<byte>> Codec(int max) => Codecs.Parse(HasLimit ? $"{Text}:max={max}" : Text);
}
