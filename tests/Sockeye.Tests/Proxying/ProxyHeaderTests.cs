using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Sockeye.Tests.Framing;

namespace Sockeye.Tests.Proxying;

/// <summary>The PROXY protocol's headers, byte by byte.</summary>
public class ProxyHeaderTests
{
    private const string Signature = "0D0A0D0A000D0A515549540A";

    private static Config Quiet { get; } = Config.QuickThrowOnFailure.WithQuietOnSuccess(true);

    /// <summary>Name, the header's bytes in hex, source, destination.</summary>
    public static TheoryData<string, string, string?, string?> Vectors => new()
    {
        { "v1 TCP4", Hex("PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n"), "192.168.0.1:56324", "192.168.0.11:443" },
        { "v1 TCP4, the greatest", Hex("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n"), "255.255.255.255:65535", "255.255.255.255:65535" },
        { "v1 TCP6", Hex("PROXY TCP6 2001:db8::1 ::1 1 0\r\n"), "[2001:db8::1]:1", "[::1]:0" },
        { "v1 TCP6, the longest", Hex($"PROXY TCP6 {LongIPv6} {LongIPv6} 65535 65535\r\n"), $"[{LongIPv6}]:65535", $"[{LongIPv6}]:65535" },
        { "v1 unknown", Hex("PROXY UNKNOWN\r\n"), null, null },
        { "v1 unknown, the longest", Hex($"PROXY UNKNOWN {LongIPv6} {LongIPv6} 65535 65535\r\n"), null, null },
        { "v2 local", Signature + "20000000", null, null },
        { "v2 local with a block to skip", Signature + "2011000C" + "0A000001" + "0A000002" + "C001" + "01BB", null, null },
        { "v2 TCP over IPv4", Signature + "2111000C" + "0A000001" + "0A000002" + "C001" + "01BB", "10.0.0.1:49153", "10.0.0.2:443" },
        { "v2 UDP over IPv4", Signature + "2112000C" + "0A000001" + "0A000002" + "C001" + "01BB", "10.0.0.1:49153", "10.0.0.2:443" },
        { "v2 TCP over IPv6", Signature + "21210024" + "20010DB8000000000000000000000001" + "20010DB8000000000000000000000002" + "C001" + "01BB", "[2001:db8::1]:49153", "[2001:db8::2]:443" },
        { "v2 Unix", Signature + "213100D8" + Padded("/run/client.sock") + Padded("/run/server.sock"), "/run/client.sock", "/run/server.sock" },
        { "v2 unspecified", Signature + "21000000", null, null },
        { "v2 an unspecified transport", Signature + "2110000C" + "0A000001" + "0A000002" + "C001" + "01BB", null, null },
    };

    public static TheoryData<string, string> Refused => new()
    {
        { "no header", Hex("GET / HTTP/1.1\r\n") },
        { "another beginning", Hex("PROXZ") },
        { "v1 in lower case", Hex("proxy TCP4 1.2.3.4 1.2.3.4 1 1\r\n") },
        { "v1 another protocol", Hex("PROXY UDP4 1.2.3.4 1.2.3.4 1 1\r\n") },
        { "v1 two spaces", Hex("PROXY TCP4  1.2.3.4 1.2.3.4 1 1\r\n") },
        { "v1 a space at the end", Hex("PROXY TCP4 1.2.3.4 1.2.3.4 1 1 \r\n") },
        { "v1 a port missing", Hex("PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n") },
        { "v1 a leading zero in an address", Hex("PROXY TCP4 01.2.3.4 1.2.3.4 1 1\r\n") },
        { "v1 a leading zero in a port", Hex("PROXY TCP4 1.2.3.4 1.2.3.4 01 1\r\n") },
        { "v1 an address in short", Hex("PROXY TCP4 1.2.3 1.2.3.4 1 1\r\n") },
        { "v1 a number too great", Hex("PROXY TCP4 1.2.3.256 1.2.3.4 1 1\r\n") },
        { "v1 a port too great", Hex("PROXY TCP4 1.2.3.4 1.2.3.4 1 65536\r\n") },
        { "v1 a port with a sign", Hex("PROXY TCP4 1.2.3.4 1.2.3.4 +1 1\r\n") },
        { "v1 families mixed", Hex("PROXY TCP4 1.2.3.4 ::1 1 1\r\n") },
        { "v1 an IPv4 address as IPv6", Hex("PROXY TCP6 1.2.3.4 1.2.3.4 1 1\r\n") },
        { "v1 brackets", Hex("PROXY TCP6 [::1] [::1] 1 1\r\n") },
        { "v1 a scope", Hex("PROXY TCP6 fe80::1%1 ::1 1 1\r\n") },
        { "v1 no end within 107 bytes", Hex("PROXY UNKNOWN " + new string('x', 107 - 14)) },
        { "v1 an end one byte too late", Hex("PROXY UNKNOWN " + new string('x', 107 - 15) + "\r\n") },
        { "v2 another version", Signature + "31" },
        { "v2 another command", Signature + "22" },
        { "v2 another family", Signature + "21410000" },
        { "v2 another transport", Signature + "21130000" },
        { "v2 addresses cut", Signature + "2111000B" + "0A000001" + "0A000002" + "C001" + "01" },
        { "v2 an extension beyond the header", Signature + "21000004" + "E0000201" },
        { "v2 half an extension", Signature + "21000002" + "E000" },
        { "v2 too long", Signature + "21003FF1" },
        { "v2 a wrong checksum", Signature + "21000007" + "030004" + "00000000" },
        { "v2 a checksum of a wrong length", Signature + "21000005" + "030002" + "0000" },
    };

    private static string LongIPv6 => "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff0";

    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_header_is_read(string name, string hex, string? source, string? destination)
    {
        byte[] bytes = Convert.FromHexString(hex);
        ProxyHeader header = ProxyHeader.Parse(bytes);
        Assert.Equal((name, source, destination), (name, header.Source?.ToString(), header.Destination?.ToString()));
        Assert.Equal(name.Contains("local", StringComparison.Ordinal), header.IsLocal);
        Assert.Equal(name.Contains("UDP", StringComparison.Ordinal) ? SocketType.Dgram : SocketType.Stream, header.SocketType);
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_header_is_read_wherever_it_is_cut(string name, string hex, string? source, string? destination)
    {
        byte[] bytes = [.. Convert.FromHexString(hex), .. "then the stream"u8];
        int length = hex.Length / 2;
        for (int cut = 0; cut < length; cut++)
            Assert.False(ProxyHeader.TryParse(new ReadOnlySequence<byte>(bytes, 0, cut), ProxyVersions.Any, out _, out _), $"{name}, {cut} bytes");
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.True(ProxyHeader.TryParse(Sequences.Split(bytes, cut), ProxyVersions.Any, out ProxyHeader? header, out int read));
            Assert.Equal((length, source, destination), (read, header.Source?.ToString(), header.Destination?.ToString()));
        }
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_no_header_is_refused(string name, string hex)
    {
        ProtocolException refusal = Assert.Throws<ProtocolException>(() =>
            ProxyHeader.TryParse(new ReadOnlySequence<byte>(Convert.FromHexString(hex)), ProxyVersions.Any, out _, out _));
        Assert.True(refusal.Message.Length > 20, name);
    }

    [Fact]
    public void No_header_is_known_by_its_first_byte() =>
        Assert.Throws<ProtocolException>(() => ProxyHeader.TryParse(new ReadOnlySequence<byte>("G"u8.ToArray()), ProxyVersions.Any, out _, out _));

    [Fact]
    public void Another_version_than_expected_is_refused()
    {
        ProtocolException one = Assert.Throws<ProtocolException>(() => ProxyHeader.Parse("PROXY UNKNOWN\r\n"u8, ProxyVersions.V2));
        Assert.Equal("a PROXY header of version 1 came, version 2 was expected", one.Message);
        Assert.Throws<ProtocolException>(() => ProxyHeader.Parse(Convert.FromHexString(Signature + "20000000"), ProxyVersions.V1));
    }

    [Fact]
    public void What_follows_or_is_missing_is_no_header_alone()
    {
        Assert.Throws<ProtocolException>(() => ProxyHeader.Parse("PROXY UNKNOWN\r\nx"u8));
        Assert.Throws<ProtocolException>(() => ProxyHeader.Parse("PROXY UNKNOWN\r"u8));
    }

    /// <summary>The check value of CRC-32C, of RFC 3720, B.4: 32 bytes of zeros give AA 36 91 8A, least significant first.</summary>
    [Fact]
    public void The_checksum_is_Castagnolis() => Assert.Equal(0x8A9136AAu, ProxyFormat.Checksum(new byte[32], checksumAt: 32));

    [Fact]
    public void A_checksum_is_filled_in_and_one_changed_byte_is_noticed()
    {
        ProxyHeader header = new(IPEndPoint.Parse("10.0.0.1:1"), IPEndPoint.Parse("10.0.0.2:2")) { Tlvs = [new(0xE0, "abc"u8.ToArray()), ProxyTlv.Checksum, new(0x04, new byte[3])] };
        byte[] bytes = Emit(header, ProxyVersions.V2);

        Assert.Equal([0xE0, 0x03, 0x04], ProxyHeader.Parse(bytes).Tlvs.Select(tlv => (int)tlv.Type));
        for (int i = ProxyFormat.HeadLength; i < bytes.Length; i++)
        {
            // Without the type that says that it is a checksum, or its length, there is none.
            byte[] changed = [.. bytes];
            changed[i] ^= 0x40;
            if (!IsAt(i, bytes))
                Assert.Throws<ProtocolException>(() => ProxyHeader.Parse(changed));
        }

        static bool IsAt(int index, byte[] bytes) => bytes.AsSpan(index).StartsWith((ReadOnlySpan<byte>)[ProxyTlv.ChecksumType, 0, 4]);
    }

    [Theory]
    [InlineData("1.2.3.4:5", "6.7.8.9:10", "PROXY TCP4 1.2.3.4 6.7.8.9 5 10\r\n")]
    [InlineData("[2001:db8::1]:5", "[::1]:10", "PROXY TCP6 2001:db8::1 ::1 5 10\r\n")]
    [InlineData("1.2.3.4:5", "[::1]:10", "PROXY TCP6 ::ffff:1.2.3.4 ::1 5 10\r\n")]
    [InlineData("[fe80::1%3]:5", "[::1]:10", "PROXY TCP6 fe80::1 ::1 5 10\r\n")]
    [InlineData("[ffff:ffff:ffff:ffff:0:5efe:ffff:ffff]:65535", "[ffff:ffff:ffff:ffff:0:5efe:ffff:ffff]:65535", "PROXY TCP6 ffff:ffff:ffff:ffff:0:5efe:ffff:ffff ffff:ffff:ffff:ffff:0:5efe:ffff:ffff 65535 65535\r\n")]
    public void Version_1_is_written(string source, string destination, string line) =>
        Assert.Equal(line, Encoding.ASCII.GetString(Emit(new ProxyHeader(IPEndPoint.Parse(source), IPEndPoint.Parse(destination)), ProxyVersions.V1)));

    [Fact]
    public void Version_1_says_UNKNOWN_for_what_it_has_no_words_for()
    {
        IPEndPoint end = IPEndPoint.Parse("1.2.3.4:5");
        UnixDomainSocketEndPoint path = new("/run/x");
        foreach (ProxyHeader header in new[] { ProxyHeader.Local, new(null, null), new(end, end, SocketType.Dgram), new(path, path) })
            Assert.Equal("PROXY UNKNOWN\r\n", Encoding.ASCII.GetString(Emit(header, ProxyVersions.V1)));
    }

    [Fact]
    public void Headers_of_version_2_are_read_as_they_were_written()
    {
        Gen<byte[]> bytes = Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf();
        Gen<IPEndPoint> v4 = bytes.Resize(4).Where(b => b.Length == 4).Zip(Gen.Choose(0, 65535), (address, port) => new IPEndPoint(new IPAddress(address), port));
        Gen<IPEndPoint> v6 = Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(16).Zip(Gen.Choose(0, 65535), (address, port) => new IPEndPoint(new IPAddress(address), port));
        Gen<ProxyTlv[]> tlvs = Gen.Choose(0xE0, 0xEF).Zip(bytes, (type, value) => new ProxyTlv((byte)type, value)).ArrayOf();
        Gen<(IPEndPoint, IPEndPoint)> ends = Gen.OneOf(v4.Zip(v4, (a, b) => (a, b)), v6.Zip(v6, (a, b) => (a, b)));
        Prop.ForAll(ends.ToArbitrary(), tlvs.ToArbitrary(), (ends, tlvs) =>
        {
            ProxyHeader header = new(ends.Item1, ends.Item2) { Tlvs = [.. tlvs, ProxyTlv.Checksum] };
            ProxyHeader read = ProxyHeader.Parse(Emit(header, ProxyVersions.V2));
            return header.Source!.Equals(read.Source) && header.Destination!.Equals(read.Destination)
                && read.Tlvs.SkipLast(1).Select(tlv => (tlv.Type, Convert.ToHexString(tlv.Value.Span))).SequenceEqual(tlvs.Select(tlv => (tlv.Type, Convert.ToHexString(tlv.Value.Span))));
        }).Check(Quiet);
    }

    [Theory]
    [InlineData("/run/a.sock", "/run/b.sock")]
    [InlineData("\0abstract", "/run/b.sock")]
    public void Unix_paths_and_names_are_read_as_they_were_written(string source, string destination)
    {
        ProxyHeader read = ProxyHeader.Parse(Emit(new ProxyHeader(new UnixDomainSocketEndPoint(source), new UnixDomainSocketEndPoint(destination)), ProxyVersions.V2));
        Assert.Equal((new UnixDomainSocketEndPoint(source), new UnixDomainSocketEndPoint(destination)), (read.Source, read.Destination));
    }

    [Fact]
    public void Random_bytes_are_a_header_or_a_ProtocolException()
    {
        Gen<byte[]> rest = Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf();
        Gen<byte[]> beginning = Gen.Elements(Array.Empty<byte>(), "PROXY TCP6 "u8.ToArray(), Convert.FromHexString(Signature), Convert.FromHexString(Signature + "211100"), Convert.FromHexString(Signature + "213100"));
        Prop.ForAll(beginning.Zip(rest, (first, second) => (byte[])[.. first, .. second]).ToArbitrary(), bytes =>
        {
            try
            {
                bool isWhole = ProxyHeader.TryParse(new ReadOnlySequence<byte>(bytes), ProxyVersions.Any, out _, out int length);
                return isWhole ? length <= bytes.Length : length == 0;
            }
            catch (ProtocolException)
            {
                return true;
            }
        }).Check(Quiet);
    }

    [Fact]
    public void The_longest_header_is_written_and_one_byte_more_is_not()
    {
        const int Room = ProxyHeader.BinaryLengthMax - ProxyFormat.HeadLength - ProxyFormat.TlvHeadLength;
        byte[] longest = Emit(new ProxyHeader(null, null) { Tlvs = [new(0xE0, new byte[Room])] }, ProxyVersions.V2);
        Assert.Equal(ProxyHeader.BinaryLengthMax, longest.Length);
        Assert.Equal(Room, ProxyHeader.Parse(longest).Tlvs[0].Value.Length);
        Assert.Throws<ArgumentException>(() => Emit(new ProxyHeader(null, null) { Tlvs = [new(0xE0, new byte[Room + 1])] }, ProxyVersions.V2));
    }

    [Fact]
    public void End_points_that_do_not_go_together_are_our_mistake()
    {
        IPEndPoint end = IPEndPoint.Parse("1.2.3.4:5");
        Assert.Throws<ArgumentException>(() => new ProxyHeader(end, null));
        Assert.Throws<ArgumentException>(() => new ProxyHeader(end, new UnixDomainSocketEndPoint("/x")));
        Assert.Throws<ArgumentException>(() => new ProxyHeader(end, end, SocketType.Raw));
        Assert.Throws<ArgumentOutOfRangeException>(() => Emit(new ProxyHeader(end, end), ProxyVersions.Any));
    }

    private static byte[] Emit(ProxyHeader header, ProxyVersions version)
    {
        ArrayBufferWriter<byte> output = new();
        header.Emit(version, output);
        return output.WrittenSpan.ToArray();
    }

    private static string Hex(string text) => Convert.ToHexString(Encoding.Latin1.GetBytes(text));

    private static string Padded(string path) => Hex(path.PadRight(ProxyFormat.UnixPathLength, '\0'));
}
