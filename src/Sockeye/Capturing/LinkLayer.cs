using System.Buffers.Binary;

namespace Sockeye;

/// <summary>Takes away what stands before the IP header.</summary>
internal static class LinkLayer
{
    private const int TagsMax = 4;
    private const int TagLength = 4;
    private const int EthernetTypeOffset = 12;
    private const int SllTypeOffset = 14;
    private const int SllLength = 16;
    private const int Sll2Length = 20;
    private const int FamilyLength = 4;

    /// <summary>Where the IP header begins; -1: it is no IP packet, or of a link that is not known here.</summary>
    public static int Skip(PcapLinkType link, ReadOnlySpan<byte> frame) => link switch
    {
        PcapLinkType.Raw or PcapLinkType.RawOld or PcapLinkType.IPv4 or PcapLinkType.IPv6 => IsIP(frame, 0) ? 0 : -1,
        PcapLinkType.Null or PcapLinkType.Loop => IsIP(frame, FamilyLength) ? FamilyLength : -1,
        PcapLinkType.Ethernet => SkipTags(frame, EthernetTypeOffset),
        PcapLinkType.LinuxSll => frame.Length < SllLength ? -1 : SkipTags(frame, SllTypeOffset),
        PcapLinkType.LinuxSll2 => frame.Length >= Sll2Length && IsIPType(frame) && IsIP(frame, Sll2Length) ? Sll2Length : -1,
        _ => -1,
    };

    /// <summary>From an EtherType on, past the tags of VLANs (IEEE 802.1Q and 802.1ad).</summary>
    private static int SkipTags(ReadOnlySpan<byte> frame, int offset)
    {
        for (int tags = 0; tags <= TagsMax; tags++)
        {
            if (frame.Length < offset + sizeof(ushort))
                return -1;
            if (IsIPType(frame[offset..]))
                return IsIP(frame, offset + sizeof(ushort)) ? offset + sizeof(ushort) : -1;
            if (BinaryPrimitives.ReadUInt16BigEndian(frame[offset..]) is not (0x8100 or 0x88A8 or 0x9100))
                return -1;
            offset += TagLength;
        }

        return -1;
    }

    private static bool IsIPType(ReadOnlySpan<byte> type) => BinaryPrimitives.ReadUInt16BigEndian(type) is 0x0800 or 0x86DD;

    private static bool IsIP(ReadOnlySpan<byte> frame, int offset) => frame.Length > offset && frame[offset] >> 4 is 4 or 6;
}
