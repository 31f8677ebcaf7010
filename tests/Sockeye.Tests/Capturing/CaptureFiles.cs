using System.Buffers.Binary;

namespace Sockeye.Tests.Capturing;

/// <summary>Capture files by hand, in either byte order: what others write.</summary>
internal sealed class CaptureFiles(bool bigEndian)
{
    private readonly List<byte> _bytes = [];

    public byte[] Bytes => [.. _bytes];

    public static byte[] IPv4Packet { get; } = [0x45, 0, 0, 21, 0, 0, 0, 0, 64, 17, 0, 0, 127, 0, 0, 1, 127, 0, 0, 2, 0x77];

    public CaptureFiles Pcap(uint magic, uint link) => Put(magic).Put16(2).Put16(4).Put(0).Put(0).Put(65535).Put(link);

    public CaptureFiles Record(uint seconds, uint fraction, byte[] packet, int missing = 0)
    {
        Put(seconds).Put(fraction).Put((uint)packet.Length).Put((uint)(packet.Length + missing));
        _bytes.AddRange(packet);
        return this;
    }

    public CaptureFiles Section() => Block(0x0A0D0D0A, body => body.Put(0x1A2B3C4D).Put16(1).Put16(0).Put(uint.MaxValue).Put(uint.MaxValue));

    public CaptureFiles Interface(ushort link, uint snap = 0, params (ushort Code, byte[] Value)[] options) =>
        Block(1, body => body.Put16(link).Put16(0).Put(snap).Options(options));

    public CaptureFiles Packet(uint source, ulong time, byte[] packet, params (ushort Code, byte[] Value)[] options) =>
        Block(6, body => body.Put(source).Put((uint)(time >> 32)).Put((uint)time).Put((uint)packet.Length).Put((uint)packet.Length).Padded(packet).Options(options));

    public CaptureFiles OldPacket(ushort source, ulong time, byte[] packet) =>
        Block(2, body => body.Put16(source).Put16(0).Put((uint)(time >> 32)).Put((uint)time).Put((uint)packet.Length).Put((uint)packet.Length).Padded(packet));

    public CaptureFiles SimplePacket(byte[] packet, uint length) => Block(3, body => body.Put(length).Padded(packet));

    public CaptureFiles Block(uint type, Action<CaptureFiles> write)
    {
        CaptureFiles body = new(bigEndian);
        write(body);
        uint length = (uint)body._bytes.Count + 12;
        Put(type).Put(length);
        _bytes.AddRange(body._bytes);
        return Put(length);
    }

    public CaptureFiles Put(uint value)
    {
        _bytes.AddRange(BitConverter.GetBytes(bigEndian == BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value));
        return this;
    }

    public CaptureFiles Put16(ushort value)
    {
        _bytes.AddRange(BitConverter.GetBytes(bigEndian == BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value));
        return this;
    }

    public CaptureFiles Padded(byte[] value)
    {
        _bytes.AddRange(value);
        _bytes.AddRange(new byte[-value.Length & 3]);
        return this;
    }

    private CaptureFiles Options((ushort Code, byte[] Value)[] options)
    {
        foreach ((ushort code, byte[] value) in options)
            Put16(code).Put16((ushort)value.Length).Padded(value);
        return options.Length == 0 ? this : Put(0);
    }
}
