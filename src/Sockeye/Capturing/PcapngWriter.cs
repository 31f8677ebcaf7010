using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Sockeye;

/// <summary>
/// Writes the blocks of a pcapng file (draft-ietf-opsawg-pcapng): little-endian, times in nanoseconds, link type RAW: packets begin with their IP header.
/// Each call writes one whole block.
/// </summary>
internal sealed class PcapngWriter(IBufferWriter<byte> output)
{
    /// <summary>A comment or name is cut at this many bytes of UTF-8.</summary>
    public const int TextBytesMax = 4096;

    private const int NanosecondsPerTick = 100;
    private const byte NanosecondResolution = 9;

    /// <summary>A section header: byte order, version 1.0, of unknown length.</summary>
    public void WriteSection(string application)
    {
        int length = PcapngFormat.BlockLengthMin + 16 + TextOptionLength(application) + PcapngFormat.OptionHeaderLength;
        Span<byte> block = Begin(PcapngFormat.SectionHeaderBlock, length);
        BinaryPrimitives.WriteUInt32LittleEndian(block[8..], PcapngFormat.ByteOrderMagic);
        BinaryPrimitives.WriteUInt16LittleEndian(block[12..], 1);
        BinaryPrimitives.WriteUInt16LittleEndian(block[14..], 0);
        BinaryPrimitives.WriteInt64LittleEndian(block[16..], -1);
        Span<byte> rest = PutText(block[24..], PcapngFormat.SectionUserApplicationOption, application);
        PutOption(rest, PcapngFormat.EndOfOptions, 0);
        output.Advance(length);
    }

    /// <summary>An interface of the section; the first has number 0.</summary>
    public void WriteInterface(string name, string description)
    {
        int length = PcapngFormat.BlockLengthMin + 8 + TextOptionLength(name) + TextOptionLength(description) + (2 * PcapngFormat.OptionHeaderLength) + 4;
        Span<byte> block = Begin(PcapngFormat.InterfaceDescriptionBlock, length);
        BinaryPrimitives.WriteUInt16LittleEndian(block[8..], (ushort)PcapLinkType.Raw);
        BinaryPrimitives.WriteUInt16LittleEndian(block[10..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(block[12..], 0);
        Span<byte> rest = PutText(block[16..], PcapngFormat.InterfaceNameOption, name);
        rest = PutText(rest, PcapngFormat.InterfaceDescriptionOption, description);
        rest = PutOption(rest, PcapngFormat.InterfaceTimeResolutionOption, 1);
        BinaryPrimitives.WriteUInt32LittleEndian(rest, NanosecondResolution);
        PutOption(rest[4..], PcapngFormat.EndOfOptions, 0);
        output.Advance(length);
    }

    /// <summary>A packet of interface 0.</summary>
    public void WritePacket(in SyntheticPacket packet)
    {
        int padded = PcapngFormat.Padded(packet.Bytes.Length);
        int options = 4 + (2 * PcapngFormat.OptionHeaderLength);
        foreach (string comment in packet.Comments)
            options += TextOptionLength(comment);
        int length = PcapngFormat.BlockLengthMin + PcapngFormat.PacketHeaderLength + padded + options;

        Span<byte> block = Begin(PcapngFormat.EnhancedPacketBlock, length);
        BinaryPrimitives.WriteUInt32LittleEndian(block[8..], 0);
        PutTime(block[12..], packet.Time);
        BinaryPrimitives.WriteInt32LittleEndian(block[20..], packet.Bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(block[24..], packet.Bytes.Length);
        packet.Bytes.CopyTo(block[28..]);
        block[(28 + packet.Bytes.Length)..(28 + padded)].Clear();
        Span<byte> rest = PutOption(block[(28 + padded)..], PcapngFormat.PacketFlagsOption, 4);
        BinaryPrimitives.WriteUInt32LittleEndian(rest, packet.IsOutbound ? PcapngFormat.OutboundFlag : PcapngFormat.InboundFlag);
        rest = rest[4..];
        foreach (string comment in packet.Comments)
            rest = PutText(rest, PcapngFormat.CommentOption, comment);
        PutOption(rest, PcapngFormat.EndOfOptions, 0);
        output.Advance(length);
    }

    /// <summary>Secrets of TLS connections as lines of a key log (SSLKEYLOGFILE): for the packets that follow.</summary>
    public void WriteSecrets(ReadOnlySpan<byte> keyLog)
    {
        int padded = PcapngFormat.Padded(keyLog.Length);
        int length = PcapngFormat.BlockLengthMin + 8 + padded;
        Span<byte> block = Begin(PcapngFormat.DecryptionSecretsBlock, length);
        BinaryPrimitives.WriteUInt32LittleEndian(block[8..], PcapngFormat.TlsKeyLogSecrets);
        BinaryPrimitives.WriteInt32LittleEndian(block[12..], keyLog.Length);
        keyLog.CopyTo(block[16..]);
        block[(16 + keyLog.Length)..(16 + padded)].Clear();
        output.Advance(length);
    }

    /// <summary>What interface 0 has seen and lost.</summary>
    public void WriteStatistics(DateTimeOffset time, long received, long dropped)
    {
        int length = PcapngFormat.BlockLengthMin + 12 + (2 * (PcapngFormat.OptionHeaderLength + 8)) + PcapngFormat.OptionHeaderLength;
        Span<byte> block = Begin(PcapngFormat.InterfaceStatisticsBlock, length);
        BinaryPrimitives.WriteUInt32LittleEndian(block[8..], 0);
        PutTime(block[12..], time);
        Span<byte> rest = PutOption(block[20..], PcapngFormat.StatisticsReceivedOption, 8);
        BinaryPrimitives.WriteInt64LittleEndian(rest, received);
        rest = PutOption(rest[8..], PcapngFormat.StatisticsDroppedOption, 8);
        BinaryPrimitives.WriteInt64LittleEndian(rest, dropped);
        PutOption(rest[8..], PcapngFormat.EndOfOptions, 0);
        output.Advance(length);
    }

    /// <summary>The block with its type and both its lengths.</summary>
    private Span<byte> Begin(uint type, int length)
    {
        Span<byte> block = output.GetSpan(length)[..length];
        BinaryPrimitives.WriteUInt32LittleEndian(block, type);
        BinaryPrimitives.WriteInt32LittleEndian(block[4..], length);
        BinaryPrimitives.WriteInt32LittleEndian(block[^4..], length);
        return block;
    }

    private static void PutTime(Span<byte> place, DateTimeOffset time)
    {
        ulong nanoseconds = (ulong)Math.Max(0, (time - DateTimeOffset.UnixEpoch).Ticks) * NanosecondsPerTick;
        BinaryPrimitives.WriteUInt32LittleEndian(place, (uint)(nanoseconds >> 32));
        BinaryPrimitives.WriteUInt32LittleEndian(place[4..], (uint)nanoseconds);
    }

    private static int TextOptionLength(string text) =>
        PcapngFormat.OptionHeaderLength + PcapngFormat.Padded(Encoding.UTF8.GetByteCount(Cut(text)));

    private static Span<byte> PutText(Span<byte> place, ushort option, string text)
    {
        text = Cut(text);
        int length = Encoding.UTF8.GetByteCount(text);
        Span<byte> value = PutOption(place, option, length);
        Encoding.UTF8.GetBytes(text, value);
        value[length..PcapngFormat.Padded(length)].Clear();
        return value[PcapngFormat.Padded(length)..];
    }

    /// <summary>The head of an option.</summary>
    /// <returns>The place of its value.</returns>
    private static Span<byte> PutOption(Span<byte> place, ushort option, int length)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(place, option);
        BinaryPrimitives.WriteUInt16LittleEndian(place[2..], (ushort)length);
        return place[PcapngFormat.OptionHeaderLength..];
    }

    /// <summary>As much of a text as an option takes, in whole characters.</summary>
    private static string Cut(string text)
    {
        if (Encoding.UTF8.GetMaxByteCount(text.Length) <= TextBytesMax)
            return text;
        int bytes = 0;
        int length = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > TextBytesMax)
                break;
            bytes += rune.Utf8SequenceLength;
            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }
}
