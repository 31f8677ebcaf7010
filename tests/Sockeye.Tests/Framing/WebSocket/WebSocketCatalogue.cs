using System.IO.Compression;
using System.Text;
using static Sockeye.Tests.Framing.WebSocket.WebSocketBytes;

namespace Sockeye.Tests.Framing.WebSocket;

/// <summary>What a peer may and may not send: RFC 6455 and RFC 7692 as data.</summary>
public static class WebSocketCatalogue
{
    public static IReadOnlyList<WebSocketCase> All { get; } =
    [
        .. Numbered("Framing", "RFC 6455, 5.2", Framing()),
        .. Numbered("Opcodes", "RFC 6455, 5.2", Opcodes()),
        .. Numbered("Reserved bits", "RFC 6455, 5.2", ReservedBits()),
        .. Numbered("Masking", "RFC 6455, 5.1 and 5.3", Masking()),
        .. Numbered("Fragmentation", "RFC 6455, 5.4", Fragmentation()),
        .. Numbered("Control frames", "RFC 6455, 5.5", ControlFrames()),
        .. Numbered("UTF-8", "RFC 6455, 8.1", Text8()),
        .. Numbered("Closing", "RFC 6455, 5.5.1 and 7.4", Closing()),
        .. Numbered("Limits", "RFC 6455, 10.4", Limits()),
        .. Numbered("Compression", "RFC 7692, 6 and 7.2", Compression()),
    ];

    private static IEnumerable<WebSocketCase> Numbered(string category, string section, IEnumerable<WebSocketCase> rows) =>
        rows.Select((row, index) => row with { Id = $"{category} {index + 1}", Category = category, Section = section });

    private static WebSocketCase Case(string name, string expected, params Func<bool, byte[]>[] frames) =>
        new("", "", "", name, WebSocketBytes.All(frames), expected);

    private static string Shown(string text) => Encoding.Latin1.GetString(Utf8(text));

    private static byte[] Bytes(int length) => [.. Enumerable.Range(0, length).Select(index => (byte)('a' + (index % 26)))];

    private static IEnumerable<WebSocketCase> Framing()
    {
        foreach ((int opcode, string what) in new[] { (Text, "text"), (Binary, "binary") })
        {
            yield return Case($"{what} of 0 bytes", $"{what} ''", Frame(Fin | opcode, ""));
            yield return Case($"{what} of 5 bytes", $"{what} 'Hello'", Frame(Fin | opcode, "Hello"));
            foreach (int length in new[] { 125, 126, 127, 128, 65535, 65536, 65537 })
                yield return Case($"{what} of {length} bytes", $"{what} {length}", Frame(Fin | opcode, Bytes(length)));
        }

        foreach (int length in new[] { 0, 1, 125 })
            yield return Case($"{length} bytes, the length in 16 bits", "fail 1002", Frame(Fin | Binary, Bytes(length), lengthSize: 2));
        foreach (int length in new[] { 0, 125, 126, 65535 })
            yield return Case($"{length} bytes, the length in 64 bits", "fail 1002", Frame(Fin | Binary, Bytes(length), lengthSize: 8));
        yield return Case("a length with the top bit set", "fail 1002", Header(Fin | Binary, 1UL << 63));
        yield return Case("the largest number for a length", "fail 1002", Header(Fin | Binary, ulong.MaxValue));
        yield return Case("several messages at once", "text 'a', binary 'b', text ''", Frame(Fin | Text, "a"), Frame(Fin | Binary, "b"), Frame(Fin | Text, ""));
    }

    private static IEnumerable<WebSocketCase> Opcodes()
    {
        foreach (int opcode in new[] { 3, 4, 5, 6, 7, 11, 12, 13, 14, 15 })
        {
            yield return Case($"reserved opcode {opcode:X}", "fail 1002", Frame(Fin | opcode, ""));
            yield return Case($"reserved opcode {opcode:X} behind a message", "text 'a', fail 1002", Frame(Fin | Text, "a"), Frame(Fin | opcode, "b"));
        }

        yield return Case("reserved opcode 3 within a message", "fail 1002", Frame(Text, "a"), Frame(Fin | 3, "b"));
    }

    private static IEnumerable<WebSocketCase> ReservedBits()
    {
        for (int bits = Rsv3; bits <= (Rsv1 | Rsv2 | Rsv3); bits += Rsv3)
        {
            foreach (int opcode in new[] { Text, Binary, Close, Ping, Pong })
                yield return Case($"bits {bits >> 4:b3} on opcode {opcode:X}", "fail 1002", Frame(Fin | bits | opcode, ""));
        }

        yield return Case("a reserved bit on a continuation", "fail 1002", Frame(Text, "a"), Frame(Fin | Rsv1 | Continuation, "b"));
    }

    private static IEnumerable<WebSocketCase> Masking()
    {
        foreach (int opcode in new[] { Text, Binary, Close, Ping, Pong })
            yield return Case($"opcode {opcode:X} masked as the other side does", "fail 1002", Frame(Fin | opcode, [], wrongMask: true));
        yield return Case("the second of two messages", "text 'a', fail 1002", Frame(Fin | Text, "a"), Frame(Fin | Text, Utf8("b"), wrongMask: true));
        yield return Case("the second of two fragments", "fail 1002", Frame(Text, "a"), Frame(Fin | Continuation, Utf8("b"), wrongMask: true));
    }

    private static IEnumerable<WebSocketCase> Fragmentation()
    {
        yield return Case("two fragments", "text 'Hello'", Frame(Text, "Hel"), Frame(Fin | Continuation, "lo"));
        yield return Case("three fragments", "binary 'abc'", Frame(Binary, "a"), Frame(Continuation, "b"), Frame(Fin | Continuation, "c"));
        yield return Case("empty fragments", "text ''", Frame(Text, ""), Frame(Continuation, ""), Frame(Fin | Continuation, ""));
        yield return Case("empty first", "text 'a'", Frame(Text, ""), Frame(Fin | Continuation, "a"));
        yield return Case("empty last", "text 'a'", Frame(Text, "a"), Frame(Fin | Continuation, ""));
        yield return Case("a hundred fragments", "binary 100", [Frame(Binary, "x"), .. Enumerable.Repeat(Frame(Continuation, "x"), 98), Frame(Fin | Continuation, "x")]);
        yield return Case("a ping between fragments", "ping 'p', text 'ab'", Frame(Text, "a"), Frame(Fin | Ping, "p"), Frame(Fin | Continuation, "b"));
        yield return Case("a pong between fragments", "pong 'p', text 'ab'", Frame(Text, "a"), Frame(Fin | Pong, "p"), Frame(Fin | Continuation, "b"));
        yield return Case("a close between fragments", "close 1000 ''", Frame(Text, "a"), Frame(Fin | Close, CloseBody(1000)), Frame(Fin | Continuation, "b"));
        yield return Case("a continuation first", "fail 1002", Frame(Fin | Continuation, "a"));
        yield return Case("a continuation first, not final", "fail 1002", Frame(Continuation, "a"));
        yield return Case("a continuation behind a whole message", "text 'a', fail 1002", Frame(Fin | Text, "a"), Frame(Fin | Continuation, "b"));
        yield return Case("a continuation behind a ping", "ping '', fail 1002", Frame(Fin | Ping, ""), Frame(Fin | Continuation, "b"));
        yield return Case("text within text", "fail 1002", Frame(Text, "a"), Frame(Fin | Text, "b"));
        yield return Case("binary within text", "fail 1002", Frame(Text, "a"), Frame(Fin | Binary, "b"));
        yield return Case("text within binary", "fail 1002", Frame(Binary, "a"), Frame(Text, "b"));
        yield return Case("the next message begins anew", "text 'ab', binary 'c'", Frame(Text, "a"), Frame(Fin | Continuation, "b"), Frame(Fin | Binary, "c"));
    }

    private static IEnumerable<WebSocketCase> ControlFrames()
    {
        foreach ((int opcode, string what) in new[] { (Ping, "ping"), (Pong, "pong") })
        {
            yield return Case($"{what}, empty", $"{what} ''", Frame(Fin | opcode, ""));
            yield return Case($"{what} with a payload", $"{what} 'abc'", Frame(Fin | opcode, "abc"));
            yield return Case($"{what} with bytes that are no text", $"{what} '\xFF\xFE'", Frame(Fin | opcode, [0xFF, 0xFE]));
            yield return Case($"{what} of 125 bytes", $"{what} 125", Frame(Fin | opcode, Bytes(125)));
            yield return Case($"{what} of 126 bytes", "fail 1002", Frame(Fin | opcode, Bytes(126)));
            yield return Case($"{what} of 5 bytes, the length in 16 bits", "fail 1002", Frame(Fin | opcode, Bytes(5), lengthSize: 2));
            yield return Case($"{what} of 65536 bytes", "fail 1002", Header(Fin | opcode, 65536));
            yield return Case($"{what}, fragmented", "fail 1002", Frame(opcode, "a"));
        }

        yield return Case("close, fragmented", "fail 1002", Frame(Close, CloseBody(1000)));
        yield return Case("close of 126 bytes", "fail 1002", Frame(Fin | Close, CloseBody(1000, new string('x', 124))));
        yield return Case("ten pings", string.Join(", ", Enumerable.Range(0, 10).Select(i => $"ping '{i}'")), [.. Enumerable.Range(0, 10).Select(i => Frame(Fin | Ping, $"{i}"))]);
    }

    private static IEnumerable<WebSocketCase> Text8()
    {
        foreach (string good in new[] { "κόσμε", "你好", "\u0080", "\u07FF", "\u0800", "\uD7FF", "\uE000", "\uFFFD", "\uFFFF", "\U00010000", "\U0010FFFF", "\0", "😀" })
        {
            byte[] bytes = Utf8(good);
            yield return Case($"U+{char.ConvertToUtf32(good, 0):X4}", $"text '{Shown(good)}'", Frame(Fin | Text, bytes));
            for (int cut = 1; cut < bytes.Length; cut++)
                yield return Case($"U+{char.ConvertToUtf32(good, 0):X4} cut behind {cut}", $"text '{Shown(good)}'", Frame(Text, bytes[..cut]), Frame(Fin | Continuation, bytes[cut..]));
        }

        string[] bad =
        [
            "80", "BF", "C0 80", "C1 BF", "E0 80 80", "E0 9F BF", "F0 80 80 80", "F0 8F BF BF", "ED A0 80", "ED AF BF", "ED B0 80", "ED BF BF",
            "F4 90 80 80", "F5 80 80 80", "F8 88 80 80 80", "FE", "FF", "C3", "E2 82", "F0 9F 98", "C3 28", "E2 28 A1", "F0 28 8C BC", "61 FF 62",
        ];
        foreach (string hex in bad)
        {
            byte[] bytes = Hex(hex);
            yield return Case($"{hex} is none", "fail 1007", Frame(Fin | Text, bytes));
            yield return Case($"{hex} is none in fragments", "fail 1007", [.. bytes[..^1].Select((value, index) => Frame(index == 0 ? Text : Continuation, [value])), Frame(bytes.Length == 1 ? Fin | Text : Fin | Continuation, bytes[^1..])]);
        }

        yield return Case("refused before the message ends", "fail 1007", Frame(Text, [0x61, 0xF4, 0x90]));
        yield return Case("refused at the byte, not at the frame's end", "fail 1007", toServer => [.. Frame(Fin | Text, [0x61, 0xC0, .. Bytes(1000)])(toServer).AsSpan(0, 20)]);
        yield return Case("binary may hold anything", "binary '\xFF\xC0'", Frame(Fin | Binary, [0xFF, 0xC0]));
        yield return Case("a character does not go on in the next message", "fail 1007", Frame(Fin | Text, [0xC3]), Frame(Fin | Text, [0xA9]));
    }

    private static IEnumerable<WebSocketCase> Closing()
    {
        yield return Case("without a code", "close 1005 ''", Frame(Fin | Close, ""));
        yield return Case("one byte", "fail 1002", Frame(Fin | Close, [3]));
        yield return Case("with a reason", "close 1000 'bye'", Frame(Fin | Close, CloseBody(1000, "bye")));
        yield return Case("a reason in Chinese", "close 1001 '再见'", Frame(Fin | Close, CloseBody(1001, "再见")));
        yield return Case("the longest reason", $"close 1000 '{new string('x', 123)}'", Frame(Fin | Close, CloseBody(1000, new string('x', 123))));
        yield return Case("a reason that is no UTF-8", "fail 1007", Frame(Fin | Close, [.. CloseBody(1000), 0xFF]));
        yield return Case("a reason cut within a character", "fail 1007", Frame(Fin | Close, [.. CloseBody(1000), 0xE4, 0xBD]));
        foreach (int code in new[] { 1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999 })
            yield return Case($"code {code}", $"close {code} ''", Frame(Fin | Close, CloseBody(code)));
        foreach (int code in new[] { 0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535 })
            yield return Case($"code {code}, which nobody may send", "fail 1002", Frame(Fin | Close, CloseBody(code)));
        yield return Case("what follows is dropped", "text 'a', close 1000 ''", Frame(Fin | Text, "a"), Frame(Fin | Close, CloseBody(1000)), Frame(Fin | Text, "b"));
        yield return Case("nonsense that follows is dropped", "close 1000 ''", Frame(Fin | Close, CloseBody(1000)), _ => [0xFF, 0xFF, 0xFF]);
    }

    private static IEnumerable<WebSocketCase> Limits()
    {
        foreach (int opcode in new[] { Text, Binary })
        {
            string what = opcode == Text ? "text" : "binary";
            yield return Case($"{what} of the largest size", $"{what} 100", Frame(Fin | opcode, Bytes(100))) with { MessageSizeMax = 100 };
            yield return Case($"{what} one byte over", "fail 1009", Frame(Fin | opcode, Bytes(101))) with { MessageSizeMax = 100 };
            yield return Case($"{what} in fragments of the largest size", $"{what} 100", Frame(opcode, Bytes(60)), Frame(Fin | Continuation, Bytes(40))) with { MessageSizeMax = 100 };
            yield return Case($"{what} in fragments one byte over", "fail 1009", Frame(opcode, Bytes(60)), Frame(Fin | Continuation, Bytes(41))) with { MessageSizeMax = 100 };
        }

        yield return Case("an announced 4 GiB is refused by its header", "fail 1009", Header(Fin | Binary, 1UL << 32));
        yield return Case("the largest length there is", "fail 1009", Header(Fin | Binary, long.MaxValue));
        yield return Case("fragments whose sum would overflow", "fail 1009", Frame(Binary, "a"), Header(Continuation, long.MaxValue));
        yield return Case("each message counts by itself", "binary 80, binary 80", Frame(Fin | Binary, Bytes(80)), Frame(Fin | Binary, Bytes(80))) with { MessageSizeMax = 100 };
    }

    private static IEnumerable<WebSocketCase> Compression() => CompressionRows().Select(row => row with { WindowBits = row.WindowBits ?? 15 });

    private static IEnumerable<WebSocketCase> CompressionRows()
    {
        byte[] hello = Hex("f2 48 cd c9 c9 07 00");
        const int Data = Fin | Rsv1 | Text;
        yield return Case("7.2.3.1: one block", "text 'Hello'", Frame(Data, hello));
        yield return Case("7.2.3.1: in two frames", "text 'Hello'", Frame(Rsv1 | Text, hello[..3]), Frame(Fin | Continuation, hello[3..]));
        yield return Case("7.2.3.2: the window of the message before", "text 'Hello', text 'Hello'", Frame(Data, hello), Frame(Data, Hex("f2 00 11 00 00")));
        yield return Case("7.2.3.2: that window was not agreed on", "text 'Hello', fail 1007", Frame(Data, hello), Frame(Data, Hex("f2 00 11 00 00"))) with { KeepsContext = false };
        yield return Case("7.2.3.3: a block without compression", "text 'Hello'", Frame(Data, Hex("00 05 00 fa ff 48 65 6c 6c 6f 00")));
        yield return Case("7.2.3.4: a block with BFINAL", "text 'Hello'", Frame(Data, Hex("f3 48 cd c9 c9 07 00 00")));
        yield return Case("7.2.3.4: the window outlives BFINAL", "text 'Hello', text 'Hello'", Frame(Data, Hex("f3 48 cd c9 c9 07 00 00")), Frame(Data, Hex("f2 00 11 00 00")));
        yield return Case("7.2.3.5: two blocks", "text 'Hello'", Frame(Data, Hex("f2 48 05 00 00 00 ff ff ca c9 c9 07 00")));
        yield return Case("7.2.3.6: an empty message", "text ''", Frame(Data, [0]));
        yield return Case("6: an uncompressed message between", "text 'Hello', text 'plain', text 'Hello'", Frame(Data, hello), Frame(Fin | Text, "plain"), Frame(Data, hello));
        yield return Case("6: the bit on a continuation", "fail 1002", Frame(Rsv1 | Text, hello[..3]), Frame(Fin | Rsv1 | Continuation, hello[3..]));
        yield return Case("6: the bit on a ping", "fail 1002", Frame(Fin | Rsv1 | Ping, ""));
        yield return Case("the second reserved bit stays reserved", "fail 1002", Frame(Fin | Rsv1 | Rsv2 | Text, hello));
        yield return Case("a ping between compressed fragments", "ping 'p', text 'Hello'", Frame(Rsv1 | Text, hello[..2]), Frame(Fin | Ping, "p"), Frame(Fin | Continuation, hello[2..]));
        yield return Case("no bytes at all", "fail 1007", Frame(Data, []));
        yield return Case("a block of the reserved type", "fail 1007", Frame(Data, [0x07]));
        yield return Case("a message cut within a block", "fail 1007", Frame(Data, hello[..4]));
        yield return Case("a stored block whose length is wrong", "fail 1007", Frame(Data, Hex("00 05 00 fa fe 48 65 6c 6c 6f 00")));
        yield return Case("a distance before the first byte", "fail 1007", Frame(Data, Hex("f2 00 11 00 00")));
        yield return Case("a code that cannot end", "fail 1007", Frame(Data, Hex("04 00 00 00 00 00")));
        yield return Case("text that is no UTF-8 inside", "fail 1007", Frame(Data, Deflated([0x61, 0xFF, 0x62])));
        yield return Case("binary inside may be anything", "binary 'a\xFF" + "b'", Frame(Fin | Rsv1 | Binary, Deflated([0x61, 0xFF, 0x62])));
        yield return Case("100,000 bytes", "binary 100000", Frame(Fin | Rsv1 | Binary, Deflated(Bytes(100_000))));
        yield return Case("the largest size, counted as it comes out", "binary 1000", Frame(Fin | Rsv1 | Binary, Deflated(new byte[1000]))) with { MessageSizeMax = 1000 };
        yield return Case("one byte over it", "fail 1009", Frame(Fin | Rsv1 | Binary, Deflated(new byte[1001]))) with { MessageSizeMax = 1000 };
        yield return Case("a bomb: 50 MB in 50 KB", "fail 1009", Frame(Fin | Rsv1 | Binary, Deflated(new byte[50_000_000])));
        yield return Case("a distance within a window of 512 bytes", "binary 512", Frame(Fin | Rsv1 | Binary, Deflated([.. Bytes(26), .. new byte[460], .. Bytes(26)])[..])) with { WindowBits = 9 };
        yield return Case("a distance out of a window of 256 bytes", "fail 1007", Frame(Fin | Rsv1 | Binary, Deflated([.. Random(300), .. Random(300)]))) with { WindowBits = 8 };
    }

    private static byte[] Random(int length)
    {
        byte[] bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    /// <summary>A message's payload as the platform's compressor makes it, without the tail.</summary>
    private static byte[] Deflated(byte[] payload)
    {
        using MemoryStream compressed = new();
        using DeflateStream stream = new(compressed, CompressionLevel.Optimal, leaveOpen: true);
        stream.Write(payload);
        stream.Flush();
        return compressed.ToArray()[..^4];
    }
}
