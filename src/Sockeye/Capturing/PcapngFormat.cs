namespace Sockeye;

/// <summary>The numbers of pcapng (draft-ietf-opsawg-pcapng) and pcap (draft-ietf-opsawg-pcap).</summary>
internal static class PcapngFormat
{
    public const uint SectionHeaderBlock = 0x0A0D_0D0A;
    public const uint InterfaceDescriptionBlock = 1;
    public const uint ObsoletePacketBlock = 2;
    public const uint SimplePacketBlock = 3;
    public const uint InterfaceStatisticsBlock = 5;
    public const uint EnhancedPacketBlock = 6;
    public const uint DecryptionSecretsBlock = 10;

    public const uint ByteOrderMagic = 0x1A2B_3C4D;
    public const uint TlsKeyLogSecrets = 0x544C_534B;

    public const uint PcapMicroseconds = 0xA1B2_C3D4;
    public const uint PcapNanoseconds = 0xA1B2_3C4D;

    /// <summary>Type, length, and the length once more at the end.</summary>
    public const int BlockLengthMin = 12;
    public const int PacketHeaderLength = 20;
    public const int OptionHeaderLength = 4;

    public const ushort EndOfOptions = 0;
    public const ushort CommentOption = 1;
    public const ushort SectionUserApplicationOption = 4;
    public const ushort InterfaceNameOption = 2;
    public const ushort InterfaceDescriptionOption = 3;
    public const ushort InterfaceTimeResolutionOption = 9;
    public const ushort InterfaceTimeOffsetOption = 14;
    public const ushort PacketFlagsOption = 2;
    public const ushort StatisticsReceivedOption = 4;
    public const ushort StatisticsDroppedOption = 5;

    public const uint InboundFlag = 1;
    public const uint OutboundFlag = 2;
    public const uint DirectionMask = 3;

    public static int Padded(int length) => (length + 3) & ~3;
}
