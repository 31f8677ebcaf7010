using System.Buffers;
using System.IO.Compression;
using System.Net.WebSockets;
using System.Text;
using System.Text.Unicode;

namespace Sockeye.Tests.Framing.WebSocket;

/// <summary>What holds for any bytes.</summary>
public class WebSocketPropertyTests
{
    private static readonly Random Seeded = new(6455);

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, null)]
    [InlineData(true, 15)]
    [InlineData(false, 9)]
    public void Random_bytes_never_throw_anything_but_a_failure(bool isServer, int? windowBits)
    {
        WebSocketCase row = new("", "", "", "random", _ => [], "") { WindowBits = windowBits, MessageSizeMax = 10_000 };
        for (int i = 0; i < 5000; i++)
        {
            byte[] bytes = new byte[Seeded.Next(1, 200)];
            Seeded.NextBytes(bytes);

            // A plausible beginning lets more of them come far.
            if (i % 2 == 0)
            {
                bytes[0] = (byte)((bytes[0] & 0xC0) | (windowBits is null ? 0x80 : 0) | new[] { 1, 2, 8, 9 }[i / 2 % 4]);
                if (bytes.Length > 1)
                    bytes[1] = (byte)((isServer ? 0x80 : 0) | (bytes[1] & 0x3F));
            }

            string whole = WebSocketTranscript.Of(WebSocketTranscript.Decoder(isServer, row), [bytes]);
            Assert.Equal(whole, WebSocketTranscript.Of(WebSocketTranscript.Decoder(isServer, row), Sequences.Chunks(bytes, Enumerable.Range(1, bytes.Length - 1)), outputSize: 3));
        }
    }

    [Fact]
    public void A_corrupted_catalogue_never_throws_anything_but_a_failure()
    {
        foreach (WebSocketCase row in WebSocketCatalogue.All.Where(row => row.Frames(true).Length is > 0 and < 200))
        {
            for (int i = 0; i < 50; i++)
            {
                byte[] bytes = row.Frames(true);
                bytes[Seeded.Next(bytes.Length)] ^= (byte)(1 << Seeded.Next(8));
                WebSocketTranscript.Of(WebSocketTranscript.Decoder(isServer: true, row), [bytes]);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_one_side_encodes_the_other_decodes(bool fromServer)
    {
        for (int i = 0; i < 300; i++)
        {
            DeflateParameters? deflate = (i % 3) switch
            {
                0 => null,
                1 => new DeflateParameters(i % 2 == 0, i % 2 == 0, 8 + (i % 8), 8 + (i % 8)),
                _ => new DeflateParameters(true, true, 15, 15),
            };
            using WebSocketEncoder encoder = new(fromServer, Seeded.NextBytes, deflate?.CreateDeflater(fromServer));
            WebSocketDecoder decoder = new(
                !fromServer, long.MaxValue, deflate?.CreateInflater(!fromServer), deflate?.PeerKeepsContext(!fromServer) ?? true);
            ArrayBufferWriter<byte> output = new();
            List<byte[]> messages = [];
            for (int message = 0; message < 4; message++)
            {
                byte[] payload = Compressible(Seeded.Next(4) == 0 ? Seeded.Next(3) : Seeded.Next(5000));
                int cut = Seeded.Next(payload.Length + 1);
                messages.Add(payload);
                if (message % 2 == 0)
                    encoder.EncodeData(false, payload, true, output);
                else
                {
                    encoder.EncodeData(false, payload.AsSpan(0, cut), false, output);
                    encoder.EncodeData(false, payload.AsSpan(cut), true, output);
                }
            }

            Assert.Equal(messages, Decode(decoder, output.WrittenMemory));
        }
    }

    [Fact]
    public void The_inflater_reads_what_the_platform_compresses()
    {
        CompressionLevel[] levels = [CompressionLevel.Fastest, CompressionLevel.Optimal, CompressionLevel.SmallestSize, CompressionLevel.NoCompression];
        for (int i = 0; i < 200; i++)
        {
            byte[] payload = i % 5 == 0 ? RandomBytes(Seeded.Next(70_000)) : Compressible(Seeded.Next(100_000));
            using MemoryStream compressed = new();
            using (DeflateStream stream = new(compressed, levels[i % levels.Length], leaveOpen: true))
                stream.Write(payload);
            ReadOnlySpan<byte> input = compressed.ToArray();
            Inflater inflater = new(15);
            byte[] output = new byte[payload.Length + 1];
            int total = 0;
            while (!input.IsEmpty)
            {
                ReadOnlySpan<byte> piece = input[..Math.Min(input.Length, Seeded.Next(1, 3000))];
                int given = piece.Length;
                inflater.Inflate(ref piece, output.AsSpan(total, Math.Min(output.Length - total, Seeded.Next(1, 5000))), out int written);
                input = input[(given - piece.Length)..];
                total += written;
            }

            inflater.Inflate(ref input, output.AsSpan(total), out int last);
            Assert.Equal(payload, output[..(total + last)]);
            Assert.True(inflater.IsBetweenBlocks);
        }
    }

    [Theory]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(12)]
    [InlineData(15)]
    public void The_deflater_keeps_to_its_window(int bits)
    {
        // The same block again and again, farther apart than the small windows reach.
        byte[] block = RandomBytes(700);
        using Deflater deflater = new(bits, keepsContext: true);
        Inflater inflater = new(bits);
        for (int i = 0; i < 5; i++)
        {
            byte[] compressed = [.. deflater.Deflate(block, endOfMessage: true), .. Deflater.Tail];
            ReadOnlySpan<byte> input = compressed;
            byte[] output = new byte[block.Length];
            inflater.Inflate(ref input, output, out int written);
            Assert.Equal(block, output[..written]);
        }
    }

    [Fact]
    public void Masking_is_xor_at_any_offset_and_length()
    {
        for (int length = 0; length < 150; length++)
        {
            for (int offset = 0; offset < 5; offset++)
            {
                byte[] source = RandomBytes(length), masked = new byte[length];
                byte[] key = RandomBytes(4);
                WebSocketMask.Apply(source, masked, BitConverter.ToUInt32(key), offset);
                Assert.Equal(source.Select((value, index) => (byte)(value ^ key[(index + offset) % 4])), masked);
                WebSocketMask.Apply(masked, masked, BitConverter.ToUInt32(key), offset);
                Assert.Equal(source, masked);
            }
        }
    }

    [Fact]
    public void The_checker_agrees_with_the_platform_however_the_bytes_come()
    {
        byte[] alphabet = [0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF];
        for (int i = 0; i < 200_000; i++)
        {
            byte[] bytes = new byte[Seeded.Next(1, 7)];
            for (int at = 0; at < bytes.Length; at++)
                bytes[at] = alphabet[Seeded.Next(alphabet.Length)];
            Utf8Checker whole = default, dripped = default;
            bool valid = whole.Append(bytes) && whole.IsComplete;
            bool alsoValid = bytes.All(value => dripped.Append([value])) && dripped.IsComplete;
            Assert.Equal((Utf8.IsValid(bytes), Utf8.IsValid(bytes)), (valid, alsoValid));
        }
    }

    [Theory]
    [InlineData("permessage-deflate", "permessage-deflate")]
    [InlineData("permessage-deflate; client_max_window_bits", "permessage-deflate")]
    [InlineData("permessage-deflate; client_max_window_bits=10", "permessage-deflate; client_max_window_bits=10")]
    [InlineData("permessage-deflate; server_max_window_bits=8", "permessage-deflate; server_max_window_bits=8")]
    [InlineData("permessage-deflate; server_no_context_takeover; client_no_context_takeover", "permessage-deflate; server_no_context_takeover; client_no_context_takeover")]
    [InlineData("x-other, permessage-deflate; unknown, permessage-deflate", "permessage-deflate")]
    [InlineData("permessage-deflate; server_max_window_bits=\"9\"", "permessage-deflate; server_max_window_bits=9")]
    [InlineData("permessage-deflate; server_max_window_bits", null)]
    [InlineData("permessage-deflate; server_max_window_bits=7", null)]
    [InlineData("permessage-deflate; server_max_window_bits=16", null)]
    [InlineData("permessage-deflate; server_max_window_bits=09", null)]
    [InlineData("permessage-deflate; client_max_window_bits=x", null)]
    [InlineData("permessage-deflate; server_no_context_takeover=1", null)]
    [InlineData("permessage-deflate; server_no_context_takeover; server_no_context_takeover", null)]
    [InlineData("permessage-deflate; unknown", null)]
    [InlineData("x-webkit-deflate-frame", null)]
    public void A_server_answers_offers(string offers, string? answer) =>
        Assert.Equal(answer, DeflateNegotiation.Accept(WebSocketExtension.Parse(offers)!, new WebSocketDeflateOptions())?.Answer);

    [Theory]
    [InlineData("permessage-deflate; server_no_context_takeover; server_max_window_bits=10", true)]
    [InlineData("permessage-deflate; server_no_context_takeover; server_max_window_bits=9; client_max_window_bits=9; client_no_context_takeover", true)]
    [InlineData("permessage-deflate; server_no_context_takeover", false)]
    [InlineData("permessage-deflate; server_max_window_bits=10", false)]
    [InlineData("permessage-deflate; server_no_context_takeover; server_max_window_bits=11", false)]
    [InlineData("permessage-deflate; server_no_context_takeover; server_max_window_bits=10; client_max_window_bits", false)]
    [InlineData("other", false)]
    public void A_client_holds_the_server_to_its_offer(string answer, bool accepted) =>
        Assert.Equal(accepted, DeflateNegotiation.Check(
            WebSocketExtension.Parse(answer)!.Single(), new WebSocketDeflateOptions { ServerContextTakeover = false, ServerMaxWindowBits = 10 }) is not null);

    [Theory]
    [InlineData("permessage-deflate", true)]
    [InlineData("permessage-deflate; client_max_window_bits=10", true)]
    [InlineData("permessage-deflate; client_max_window_bits=11", false)]
    public void A_server_may_ask_for_a_smaller_window_than_the_client_offered(string answer, bool accepted) =>
        Assert.Equal(accepted, DeflateNegotiation.Check(
            WebSocketExtension.Parse(answer)!.Single(), new WebSocketDeflateOptions { ClientMaxWindowBits = 10 }) is not null);

    [Fact]
    public void The_key_of_the_RFC_is_accepted_as_in_the_RFC()
    {
        Assert.Equal("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", WebSocketKey.Accept("dGhlIHNhbXBsZSBub25jZQ=="));
        Assert.True(WebSocketKey.IsValid("dGhlIHNhbXBsZSBub25jZQ=="));
        Assert.False(WebSocketKey.IsValid("dGhlIHNhbXBsZSBub25j"));
        Assert.False(WebSocketKey.IsValid("dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ=="));
    }

    private static byte[] RandomBytes(int length)
    {
        byte[] bytes = new byte[length];
        Seeded.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Compressible(int length)
    {
        StringBuilder text = new();
        while (text.Length < length)
            text.Append(new[] { "the quick brown fox ", "jumps over ", "{\"id\":", "十一", "0000000" }[Seeded.Next(5)]).Append(Seeded.Next(1000));
        return Encoding.UTF8.GetBytes(text.ToString())[..length];
    }

    private static List<byte[]> Decode(WebSocketDecoder decoder, ReadOnlyMemory<byte> bytes)
    {
        List<byte[]> messages = [];
        ArrayBufferWriter<byte> message = new();
        ReadOnlySequence<byte> input = new(bytes);
        byte[] output = new byte[999];
        while (decoder.Decode(ref input, output, out int written) is var kind && kind != WebSocketEventKind.NeedsMore)
        {
            message.Write(output.AsSpan(0, written));
            if (kind != WebSocketEventKind.EndOfMessage)
                continue;
            messages.Add(message.WrittenSpan.ToArray());
            message.ResetWrittenCount();
        }

        return messages;
    }
}
