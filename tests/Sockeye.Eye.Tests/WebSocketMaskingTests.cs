using System.Buffers.Binary;
using System.Text;
using Sockeye.Eye.Masking;
using Sockeye.Eye.Masking.WebSockets;

namespace Sockeye.Eye.Tests;

/// <summary>What a WebSocket's client says can be read, but for its secrets, however the stream is cut; and where it cannot be followed, nothing of it.</summary>
public class WebSocketMaskingTests
{
    private const string Request = "GET /ws?token=hunter2! HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
    private const string Agreed = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n\r\n";
    private const string Login = "{\"type\":\"name\",\"password\":\"hunter2!\"}";
    private const byte Text = 0x81;
    private const byte Binary = 0x82;
    private const uint Key = 0xA17C_03F4;

    private readonly ConversationMasks _masks = new(isStream: true, showsSecrets: false);
    private readonly long[] _said = new long[2];

    [Fact]
    public void Frames_are_unmasked_and_their_secrets_are_not_shown_wherever_they_are_cut()
    {
        string long_ = new('x', 70_000);
        byte[] frames =
        [
            .. Frame(Text, Login), .. Frame(0x01, "{\"pass"), .. Frame(0x89, "ping"), .. Frame(0x00, "word\":\"hun"), .. Frame(0x80, "ter2!\"}"),
            .. Frame(Binary, "PASS hun"), .. Frame(Binary, "ter2!\r\n"), .. Frame(Text, ""), .. Frame(Text, "hello"), .. Frame(Text, "PASS hunter2!"), .. Frame(Text, "to all"), .. Frame(Binary, long_),
        ];
        foreach (int piece in new[] { 1, 2, 3, 7, 50, 1000, frames.Length })
        {
            ConversationMasks masks = new(isStream: true, showsSecrets: false);
            masks.Apply(fromClient: true, atSource: true, 0, Bytes(Request));
            masks.Apply(fromClient: false, atSource: true, 0, Bytes(Agreed));
            byte[] shown = [.. frames];
            byte[] wire = [.. frames];
            int masked = 0;
            for (int at = 0; at < frames.Length; at += piece)
            {
                Span<byte> part = shown.AsSpan(at, Math.Min(piece, frames.Length - at));
                (int count, XorRange[] unmasked) = masks.Apply(fromClient: true, atSource: true, Request.Length + at, part);
                masked += count;
                part.CopyTo(wire.AsSpan(at));
                foreach (XorRange range in unmasked)
                    range.Apply(wire.AsSpan(at, part.Length));
            }

            string expected = string.Concat(
                "{\"type\":\"name\",\"password\":\"********\"}", "{\"pass", "ping", "word\":\"***", "*****\"}", "PASS ***", "*****\r\n", "hello", "PASS ********", "to all", long_);
            Assert.Equal(expected, Said(shown, isMasked: false));
            Assert.Equal(32, masked);

            // Headers and lengths stay, and a capture decodes to the same.
            Assert.Equal(expected, Said(wire, isMasked: true));
        }
    }

    [Fact]
    public void What_the_request_says_is_masked_as_ever_and_frames_may_follow_it_in_one_piece()
    {
        byte[] early = Frame(Text, Login);
        (string shown, int masked) = Say(fromClient: true, [.. Bytes(Request), .. early]);
        Assert.Equal(Request.Replace("hunter2!", "********", StringComparison.Ordinal) + new string('*', early.Length), shown);
        Assert.Equal(8 + early.Length, masked);

        // What came before the answer was frames: those behind it are found.
        Say(fromClient: false, [.. Bytes("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + Agreed), 0x81, 2, (byte)'h', (byte)'i']);
        Assert.Contains("\"********\"", Say(fromClient: true, Frame(Text, Login)).Shown, StringComparison.Ordinal);
        Assert.Contains("hello", Say(fromClient: true, Frame(Text, "hello")).Shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n")]
    public void A_refused_upgrade_leaves_HTTP_as_it_is(string answer)
    {
        Say(fromClient: true, Bytes(Request));
        Say(fromClient: false, Bytes(answer));
        Assert.Equal(("GET / HTTP/1.1\r\nCookie:****\r\n\r\n", 4), Say(fromClient: true, Bytes("GET / HTTP/1.1\r\nCookie: a=b\r\n\r\n")));

        Say(fromClient: true, Bytes(Request));
        Say(fromClient: false, Bytes(Agreed));
        Assert.Contains("hello", Say(fromClient: true, Frame(Text, "hello")).Shown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_only_pretends_to_agree_hides_no_secret()
    {
        Say(fromClient: true, Bytes(Request));
        Say(fromClient: false, Bytes(Agreed));
        Say(fromClient: true, Frame(Text, "hello"));
        string request = "POST / HTTP/1.1\r\nAuthorization: Basic hunter2!\r\n\r\n";
        Assert.Equal((new string('*', request.Length), request.Length), Say(fromClient: true, Bytes(request)));
    }

    [Theory]
    [InlineData(new byte[] { 0x83, 0x80, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0xC1, 0x80, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0x80, 0x80, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0x89, 0xFE, 0, 126, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0x81, 0xFE, 0, 5, 0, 0, 0, 0 })]
    public void Behind_what_is_no_frame_nothing_is_shown(byte[] broken)
    {
        Say(fromClient: true, Bytes(Request));
        Say(fromClient: false, Bytes(Agreed));
        Say(fromClient: true, broken);
        foreach (byte[] frame in new[] { Frame(Text, Login), Frame(Text, "hello") })
            Assert.Equal((new string('*', frame.Length), frame.Length), Say(fromClient: true, frame));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Where_bytes_were_missed_nothing_is_shown_that_may_be_a_frame(bool ofRequest, bool ofAnswer)
    {
        if (ofRequest)
            _said[1] = Request.Length;
        else
            Say(fromClient: true, Bytes(Request));
        if (ofAnswer)
            _said[0] = Agreed.Length;
        else
            Say(fromClient: false, Bytes(Agreed));
        byte[] frame = Frame(Text, Login);
        Assert.Equal((new string('*', frame.Length), frame.Length), Say(fromClient: true, frame));
        Say(fromClient: false, [0x81, 1, (byte)'k']);
        Assert.Equal((new string('*', frame.Length), frame.Length), Say(fromClient: true, frame));

        // A request is no frame: from there on it is HTTP again.
        Assert.Contains("Host: b", Say(fromClient: true, Bytes("GET / HTTP/1.1\r\nHost: b\r\n\r\n")).Shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Behind_missed_frames_nothing_is_shown()
    {
        Say(fromClient: true, Bytes(Request));
        Say(fromClient: false, Bytes(Agreed));
        Say(fromClient: true, Frame(Text, "hello"));
        _said[1] += 10;
        byte[] frame = Frame(Text, Login);
        Assert.Equal((new string('*', frame.Length), frame.Length), Say(fromClient: true, frame));
        Assert.Equal((new string('*', frame.Length), frame.Length), Say(fromClient: true, frame));
    }

    [Fact]
    public void What_is_compressed_stays_so_and_what_is_not_is_read()
    {
        Say(fromClient: true, Bytes(Request));
        Say(fromClient: false, Bytes(Agreed.Replace("\r\n\r\n", "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n", StringComparison.Ordinal)));
        Assert.Equal(("\x04\x05\x06", 0), (Said(SayBytes(fromClient: true, Frame(0xC1, "\x04\x05\x06")), isMasked: false), 0));
        Assert.Contains("\"********\"", Say(fromClient: true, Frame(Text, Login)).Shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PROXY TCP4 10.0.0.1 10.0.0.2 5000 80\r\n")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\x0a\0\0\x01\x0a\0\0\x02\x13\x88\0\x50")]
    public void A_proxy_may_stand_in_front(string header)
    {
        Say(fromClient: true, Bytes(header + Request));
        Say(fromClient: false, Bytes(Agreed));
        Assert.Contains("\"********\"", Say(fromClient: true, Frame(Text, Login)).Shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_protocols_are_left_alone()
    {
        Assert.Equal(("*1\r\n$4\r\nPING\r\n", 0), Say(fromClient: true, Bytes("*1\r\n$4\r\nPING\r\n")));
        Assert.Equal((Request.Replace("hunter2!", "********", StringComparison.Ordinal), 8), Say(fromClient: true, Bytes(Request)));
        Say(fromClient: false, Bytes(Agreed));
        Assert.Equal(0, Say(fromClient: true, Frame(Text, Login)).Masked);
    }

    [Fact]
    public void Secrets_that_are_to_be_shown_are_unmasked_too()
    {
        ConversationMasks masks = new(isStream: true, showsSecrets: true);
        masks.Apply(fromClient: true, atSource: true, 0, Bytes(Request));
        masks.Apply(fromClient: false, atSource: true, 0, Bytes(Agreed));
        byte[] frame = Frame(Text, Login);
        (int masked, XorRange[] unmasked) = masks.Apply(fromClient: true, atSource: true, Request.Length, frame);
        Assert.Equal((Login, 0), (Said(frame, isMasked: false), masked));
        Assert.Equal(Login.Length, Assert.Single(unmasked).Length);
    }

    [Fact]
    public void Whatever_comes_nothing_breaks_and_lengths_stay()
    {
        Random random = new(11);
        for (int i = 0; i < 3000; i++)
        {
            ConversationMasks masks = new(isStream: true, showsSecrets: false);
            long[] said = new long[2];
            byte[][] parts = [Bytes(Request), Bytes(Agreed), Frame(Text, Login), Frame(Binary, new string('y', random.Next(300))), Frame(0x01, "a"), Frame(0x88, "b"), [0x81, 0xFF, 0x7F, 0xFF]];
            for (int step = 0; step < 12; step++)
            {
                byte[] part = [.. parts[random.Next(parts.Length)]];
                if (random.Next(3) == 0)
                    part = part[random.Next(part.Length)..];
                if (random.Next(3) == 0 && part.Length > 0)
                    part[random.Next(part.Length)] = (byte)random.Next(256);
                if (part.Length == 0)
                    continue;
                int way = random.Next(2);
                said[way] += random.Next(10) == 0 ? 5 : 0;
                (int masked, XorRange[] unmasked) = masks.Apply(way == 1, atSource: true, said[way], part);
                said[way] += part.Length;
                Assert.InRange(masked, 0, part.Length);
                Assert.All(unmasked, range => Assert.InRange(range.Start + range.Length, range.Length, part.Length));
            }
        }
    }

    private (string Shown, int Masked) Say(bool fromClient, byte[] data)
    {
        byte[] shown = [.. data];
        (int masked, _) = _masks.Apply(fromClient, atSource: true, _said[fromClient ? 1 : 0], shown);
        _said[fromClient ? 1 : 0] += data.Length;
        return (Encoding.Latin1.GetString(shown), masked);
    }

    private byte[] SayBytes(bool fromClient, byte[] data) => Encoding.Latin1.GetBytes(Say(fromClient, data).Shown);

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>A frame of a client.</summary>
    private static byte[] Frame(byte first, string text)
    {
        byte[] payload = Bytes(text);
        byte[] length = payload.Length switch
        {
            < 126 => [(byte)(0x80 | payload.Length)],
            <= ushort.MaxValue => [0xFE, (byte)(payload.Length >> 8), (byte)payload.Length],
            _ => [0xFF, 0, 0, 0, 0, 0, (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length],
        };
        byte[] key = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(key, Key);
        for (int i = 0; i < payload.Length; i++)
            payload[i] ^= key[i % 4];
        return [first, .. length, .. key, .. payload];
    }

    /// <summary>The payloads of frames.</summary>
    /// <param name="frames">Whole ones.</param>
    /// <param name="isMasked">Whether they are XORed.</param>
    private static string Said(byte[] frames, bool isMasked)
    {
        StringBuilder said = new();
        for (int at = 0; at < frames.Length;)
        {
            int length = frames[at + 1] & 0x7F;
            at += 2;
            if (length == 126)
                (length, at) = (BinaryPrimitives.ReadUInt16BigEndian(frames.AsSpan(at)), at + 2);
            else if (length == 127)
                (length, at) = ((int)BinaryPrimitives.ReadUInt64BigEndian(frames.AsSpan(at)), at + 8);
            byte[] key = frames[at..(at + 4)];
            at += 4;
            for (int i = 0; i < length; i++)
                said.Append((char)(isMasked ? frames[at + i] ^ key[i % 4] : frames[at + i]));
            at += length;
        }

        return said.ToString();
    }
}
