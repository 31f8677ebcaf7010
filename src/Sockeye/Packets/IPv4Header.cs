using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>An IPv4 header as a value (RFC 791 section 3.1): parsed from a packet, or made by hand and written. Length and checksum are computed on writing.</summary>
public readonly record struct IPv4Header
{
    /// <summary>The least length in bytes, and the length without options.</summary>
    public const int LengthMin = IPv4View.OptionsOffset;

    /// <summary>Options are at most this long, in bytes.</summary>
    public const int OptionsLengthMax = 40;

    /// <summary>A packet is at most this long, in bytes.</summary>
    public const int PacketLengthMax = ushort.MaxValue;

    /// <summary>A header with a time to live of 64.</summary>
    public IPv4Header()
    {
    }

    /// <summary>The sender's address.</summary>
    public required IPAddress Source { get; init; }

    /// <summary>The receiver's address.</summary>
    public required IPAddress Destination { get; init; }

    /// <summary>The protocol of the payload.</summary>
    public required ProtocolType Protocol { get; init; }

    /// <summary>How many routers it may pass. 64 if not given.</summary>
    public byte TimeToLive { get; init; } = 64;

    /// <summary>DSCP in the upper six bits, ECN in the lower two.</summary>
    public byte TrafficClass { get; init; }

    /// <summary>What the fragments of one packet have in common.</summary>
    public ushort Identification { get; init; }

    /// <summary>Routers must drop it rather than cut it.</summary>
    public bool DontFragment { get; init; }

    /// <summary>Further fragments follow this one.</summary>
    public bool MoreFragments { get; init; }

    /// <summary>Where this fragment's payload stands in the whole, in bytes: a multiple of 8 up to 65,528.</summary>
    public int FragmentOffset { get; init; }

    /// <summary>The options with their fillers, up to 40 bytes; written with zeros up to a multiple of four.</summary>
    public ReadOnlyMemory<byte> Options { get; init; }

    /// <summary>The header's length in bytes: 20 to 60.</summary>
    public int Length => LengthMin + ((Options.Length + 3) / 4 * 4);

    /// <summary>For the checksums of what it carries.</summary>
    public PseudoHeader PseudoHeader => new(Source, Destination);

    /// <summary>Reads the header of the packet in <paramref name="bytes"/>.</summary>
    /// <exception cref="ProtocolException">It is malformed.</exception>
    public static IPv4Header Parse(ReadOnlySpan<byte> bytes) =>
        TryParse(bytes, out IPv4Header header, out PacketFault fault) ? header : throw fault.ToException("IPv4", bytes.Length);

    /// <summary>Reads the header of the packet in <paramref name="bytes"/>, if it is one.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out IPv4Header header, out PacketFault fault)
    {
        header = default;
        if (!IPv4View.TryParse(bytes, out IPv4View view, out fault))
            return false;
        header = From(view);
        return true;
    }

    /// <summary>The header of a packet that is seen.</summary>
    public static IPv4Header From(IPv4View view) => new()
    {
        Source = view.Source,
        Destination = view.Destination,
        Protocol = view.Protocol,
        TimeToLive = view.TimeToLive,
        TrafficClass = view.TrafficClass,
        Identification = view.Identification,
        DontFragment = view.DontFragment,
        MoreFragments = view.MoreFragments,
        FragmentOffset = view.FragmentOffset,
        Options = view.Options.Bytes.Length == 0 ? default(ReadOnlyMemory<byte>) : view.Options.Bytes.ToArray(),
    };

    /// <summary>The packet: this header and its payload.</summary>
    /// <exception cref="ArgumentException">The whole is longer than <see cref="PacketLengthMax"/>, or an address is not IPv4.</exception>
    /// <exception cref="InvalidOperationException">The options are too long, or the fragment offset is none.</exception>
    public byte[] Emit(ReadOnlySpan<byte> payload)
    {
        byte[] packet = new byte[Length + payload.Length];
        WriteTo(packet, payload);
        return packet;
    }

    /// <summary>Writes this header and its payload, which may stand at its place already.</summary>
    /// <returns>The length of the packet.</returns>
    /// <exception cref="ArgumentException">As in <see cref="Emit"/>, or <paramref name="destination"/> is too short.</exception>
    public int WriteTo(Span<byte> destination, ReadOnlySpan<byte> payload)
    {
        PacketWriting.PutPayload(destination, Length, payload);
        WriteTo(destination, payload.Length);
        return Length + payload.Length;
    }

    /// <summary>Writes this header alone, for a payload of this length.</summary>
    /// <returns>The length of the header.</returns>
    /// <exception cref="ArgumentException">As in <see cref="WriteTo(Span{byte}, ReadOnlySpan{byte})"/>.</exception>
    public int WriteTo(Span<byte> destination, int payloadLength)
    {
        int length = Length;
        ArgumentOutOfRangeException.ThrowIfNegative(payloadLength);
        PacketWriting.CheckRoom(destination, length);
        if (Options.Length > OptionsLengthMax)
            throw new InvalidOperationException($"An IPv4 header has room for {OptionsLengthMax} bytes of options, not for {Options.Length}.");
        if (length + payloadLength > PacketLengthMax)
            throw new ArgumentException($"An IPv4 packet is at most {PacketLengthMax} bytes long; with this payload it would have {length + payloadLength}.", nameof(payloadLength));
        if (FragmentOffset is < 0 or > IPv4View.FragmentOffsetMask * 8 || FragmentOffset % 8 != 0)
            throw new InvalidOperationException($"A fragment begins at a multiple of 8 up to {IPv4View.FragmentOffsetMask * 8}, not at {FragmentOffset}.");

        Span<byte> header = destination[..length];
        header[0] = (byte)(0x40 | (length / 4));
        header[IPv4View.TrafficClassOffset] = TrafficClass;
        BinaryPrimitives.WriteUInt16BigEndian(header[IPv4View.TotalLengthOffset..], (ushort)(length + payloadLength));
        BinaryPrimitives.WriteUInt16BigEndian(header[IPv4View.IdentificationOffset..], Identification);
        int fragment = (FragmentOffset / 8) | (DontFragment ? IPv4View.DontFragmentBit : 0) | (MoreFragments ? IPv4View.MoreFragmentsBit : 0);
        BinaryPrimitives.WriteUInt16BigEndian(header[IPv4View.FragmentOffsetOffset..], (ushort)fragment);
        header[IPv4View.TimeToLiveOffset] = TimeToLive;
        header[IPv4View.ProtocolOffset] = (byte)Protocol;
        BinaryPrimitives.WriteUInt16BigEndian(header[IPv4View.ChecksumOffset..], 0);
        PacketWriting.PutAddress(header.Slice(IPv4View.SourceOffset, 4), Source, AddressFamily.InterNetwork);
        PacketWriting.PutAddress(header.Slice(IPv4View.DestinationOffset, 4), Destination, AddressFamily.InterNetwork);
        header[IPv4View.OptionsOffset..].Clear();
        Options.Span.CopyTo(header[IPv4View.OptionsOffset..]);
        BinaryPrimitives.WriteUInt16BigEndian(header[IPv4View.ChecksumOffset..], InternetChecksum.Compute(header));
        return length;
    }

    /// <summary>The same fields, and options of the same bytes.</summary>
    public bool Equals(IPv4Header other) =>
        Equals(Source, other.Source) && Equals(Destination, other.Destination) && Protocol == other.Protocol && TimeToLive == other.TimeToLive
        && TrafficClass == other.TrafficClass && Identification == other.Identification && DontFragment == other.DontFragment
        && MoreFragments == other.MoreFragments && FragmentOffset == other.FragmentOffset && Options.Span.SequenceEqual(other.Options.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Source, Destination, Protocol, Identification, FragmentOffset, Options.Length);
}
