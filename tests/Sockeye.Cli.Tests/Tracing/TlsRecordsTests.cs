using Sockeye.Cli.Tracing;

namespace Sockeye.Cli.Tests.Tracing;

public class TlsRecordsTests
{
    private static readonly byte[] ServerFlight =
    [
        .. Record(22, 2, 0, 0, 1, 9), .. Record(20, 1), .. Record(23, 1, 2, 3), .. Record(23, 4), .. Record(23, 5, 6),
    ];

    [Fact]
    public void Records_are_named()
    {
        Assert.Equal("ClientHello", new TlsRecords().Describe(Record(22, 1, 0, 0, 0)));
        Assert.Equal("ServerHello, ChangeCipherSpec, 3 encrypted records", new TlsRecords().Describe(ServerFlight));
        Assert.Equal("alert", new TlsRecords().Describe(Record(21, 2, 10)));
        Assert.Equal("encrypted alert", new TlsRecords().Describe(Record(21, 2, 10, 4, 5, 6, 7, 8)));
    }

    [Fact]
    public void After_ChangeCipherSpec_a_handshake_is_encrypted() =>
        Assert.Equal("ClientKeyExchange, ChangeCipherSpec, encrypted handshake record", new TlsRecords().Describe([.. Record(22, 16, 0), .. Record(20, 1), .. Record(22, 1, 7)]));

    [Fact]
    public void They_come_in_any_pieces()
    {
        for (int split = 0; split <= ServerFlight.Length; split++)
        {
            TlsRecords records = new();
            string[] names = [.. new[] { records.Describe(ServerFlight.AsSpan(0, split)), records.Describe(ServerFlight.AsSpan(split)) }.Where(text => text.Length > 0)];
            string all = string.Join(", ", names);
            Assert.StartsWith("ServerHello, ChangeCipherSpec, ", all, StringComparison.Ordinal);
            Assert.Equal(3, all.Split(", ").Skip(2).Sum(part => part == "encrypted record" ? 1 : int.Parse(part.Split(' ')[0], null)));
        }
    }

    [Fact]
    public void Byte_by_byte_each_is_named_once()
    {
        TlsRecords records = new();
        string[] names = [.. ServerFlight.Select(value => records.Describe([value])).Where(text => text.Length > 0)];
        Assert.Equal(["ServerHello", "ChangeCipherSpec", "encrypted record", "encrypted record", "encrypted record"], names);
    }

    [Fact]
    public void An_empty_record_is_one() => Assert.Equal("2 encrypted records", new TlsRecords().Describe([23, 3, 3, 0, 0, 23, 3, 3, 0, 0]));

    private static byte[] Record(byte type, params byte[] body) => [type, 3, 3, 0, (byte)body.Length, .. body];
}
