using System.Buffers.Binary;

namespace Sockeye;

/// <summary>The options of a TCP header as a value: those that every stack knows each by name, the others as bytes.</summary>
public readonly record struct TcpOptions
{
    /// <summary>Options are at most this long, in bytes.</summary>
    public const int LengthMax = 40;

    private const byte NoOperation = 1;
    private const byte MaximumSegmentSizeKind = 2;
    private const byte WindowScaleKind = 3;
    private const byte SackPermittedKind = 4;
    private const byte SackKind = 5;
    private const byte TimestampsKind = 8;
    private const int SackBlockLength = 8;

    /// <summary>The most bytes of data the sender takes in one segment (RFC 9293 section 3.7.1); in a SYN only.</summary>
    public ushort? MaximumSegmentSize { get; init; }

    /// <summary>By how many bits the sender's windows are shifted (RFC 7323 section 2); in a SYN only. Above 14 a receiver takes it as 14.</summary>
    public byte? WindowScale { get; init; }

    /// <summary>The sender understands SACK (RFC 2018 section 2); in a SYN only.</summary>
    public bool SackPermitted { get; init; }

    /// <summary>What has come out of order.</summary>
    public TcpSackBlocks SackBlocks { get; init; }

    /// <summary>The timestamps.</summary>
    public TcpTimestamps? Timestamps { get; init; }

    /// <summary>All other options as they came, each with its kind and length: also known ones of a length that is not theirs.</summary>
    public ReadOnlyMemory<byte> Unknown { get; init; }

    /// <summary>Their length in bytes as they are written: a multiple of four.</summary>
    public int Length
    {
        get
        {
            int length = (MaximumSegmentSize is null ? 0 : 4)
                + (Timestamps is not null ? 12 : SackPermitted ? 4 : 0)
                + (WindowScale is null ? 0 : 4)
                + (SackBlocks.Count == 0 ? 0 : 4 + (SackBlocks.Count * SackBlockLength))
                + Unknown.Length;
            return (length + 3) / 4 * 4;
        }
    }

    /// <summary>Reads options.</summary>
    /// <exception cref="ProtocolException">One of them is malformed.</exception>
    public static TcpOptions Parse(ReadOnlySpan<byte> bytes) =>
        TryParse(bytes, out TcpOptions options, out PacketFault fault) ? options : throw fault.ToException("TCP", bytes.Length);

    /// <summary>Reads options, if each of them is well formed. Of one that is there twice the last counts.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out TcpOptions options, out PacketFault fault)
    {
        options = default;
        fault = PacketOptions.AreWellFormed(bytes) ? PacketFault.None : PacketFault.BadOption;
        if (fault != PacketFault.None)
            return false;
        options = From(new PacketOptions(bytes));
        return true;
    }

    /// <summary>Writes them, ordered and filled as RFC 7323 appendix A advises.</summary>
    /// <returns><see cref="Length"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    /// <exception cref="InvalidOperationException">They are longer than <see cref="LengthMax"/>.</exception>
    public int WriteTo(Span<byte> destination)
    {
        int length = Length;
        if (length > LengthMax)
            throw new InvalidOperationException($"A TCP header has room for {LengthMax} bytes of options, not for {length}.");
        PacketWriting.CheckRoom(destination, length);
        Span<byte> rest = destination[..length];
        if (MaximumSegmentSize is { } size)
        {
            BinaryPrimitives.WriteUInt16BigEndian(Begin(ref rest, MaximumSegmentSizeKind, 4), size);
        }

        if (SackPermitted)
        {
            // In front of timestamps it fills the two bytes that they would else waste.
            if (Timestamps is null)
                Fill(ref rest, 2);
            Begin(ref rest, SackPermittedKind, 2);
        }

        if (Timestamps is { } stamps)
        {
            if (!SackPermitted)
                Fill(ref rest, 2);
            Span<byte> data = Begin(ref rest, TimestampsKind, 10);
            BinaryPrimitives.WriteUInt32BigEndian(data, stamps.Value);
            BinaryPrimitives.WriteUInt32BigEndian(data[4..], stamps.EchoReply);
        }

        if (WindowScale is { } scale)
        {
            Fill(ref rest, 1);
            Begin(ref rest, WindowScaleKind, 3)[0] = scale;
        }

        if (SackBlocks.Count > 0)
        {
            Fill(ref rest, 2);
            Span<byte> data = Begin(ref rest, SackKind, 2 + (SackBlocks.Count * SackBlockLength));
            for (int i = 0; i < SackBlocks.Count; i++)
            {
                BinaryPrimitives.WriteUInt32BigEndian(data[(i * SackBlockLength)..], SackBlocks[i].Left);
                BinaryPrimitives.WriteUInt32BigEndian(data[((i * SackBlockLength) + 4)..], SackBlocks[i].Right);
            }
        }

        Unknown.Span.CopyTo(rest);
        rest[Unknown.Length..].Clear();
        return length;
    }

    /// <summary>The same options, and unknown ones of the same bytes.</summary>
    public bool Equals(TcpOptions other) =>
        MaximumSegmentSize == other.MaximumSegmentSize && WindowScale == other.WindowScale && SackPermitted == other.SackPermitted
        && SackBlocks == other.SackBlocks && Timestamps == other.Timestamps && Unknown.Span.SequenceEqual(other.Unknown.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(MaximumSegmentSize, WindowScale, SackPermitted, SackBlocks, Timestamps, Unknown.Length);

    internal static TcpOptions From(PacketOptions bytes)
    {
        TcpOptions options = default;
        Span<byte> unknown = stackalloc byte[LengthMax];
        int unknownLength = 0;
        foreach (PacketOption option in bytes)
        {
            ReadOnlySpan<byte> data = option.Data;
            switch (option.Kind, data.Length)
            {
                case (MaximumSegmentSizeKind, 2):
                    options = options with { MaximumSegmentSize = BinaryPrimitives.ReadUInt16BigEndian(data) };
                    break;
                case (WindowScaleKind, 1):
                    options = options with { WindowScale = data[0] };
                    break;
                case (SackPermittedKind, 0):
                    options = options with { SackPermitted = true };
                    break;
                case (SackKind, SackBlockLength or 2 * SackBlockLength or 3 * SackBlockLength or 4 * SackBlockLength):
                    options = options with { SackBlocks = ReadBlocks(data) };
                    break;
                case (TimestampsKind, 8):
                    options = options with { Timestamps = new(BinaryPrimitives.ReadUInt32BigEndian(data), BinaryPrimitives.ReadUInt32BigEndian(data[4..])) };
                    break;
                default:
                    // Only longer than any header's options if the caller's bytes are.
                    if (unknownLength + 2 + data.Length > LengthMax)
                        break;
                    unknown[unknownLength] = option.Kind;
                    unknown[unknownLength + 1] = (byte)(2 + data.Length);
                    data.CopyTo(unknown[(unknownLength + 2)..]);
                    unknownLength += 2 + data.Length;
                    break;
            }
        }

        return unknownLength == 0 ? options : options with { Unknown = unknown[..unknownLength].ToArray() };
    }

    private static TcpSackBlocks ReadBlocks(ReadOnlySpan<byte> data)
    {
        Span<TcpSackBlock> blocks = stackalloc TcpSackBlock[data.Length / SackBlockLength];
        for (int i = 0; i < blocks.Length; i++)
            blocks[i] = new TcpSackBlock(BinaryPrimitives.ReadUInt32BigEndian(data[(i * SackBlockLength)..]), BinaryPrimitives.ReadUInt32BigEndian(data[((i * SackBlockLength) + 4)..]));
        return new TcpSackBlocks(blocks);
    }

    private static Span<byte> Begin(ref Span<byte> rest, byte kind, int length)
    {
        Span<byte> data = rest[2..length];
        (rest[0], rest[1]) = (kind, (byte)length);
        rest = rest[length..];
        return data;
    }

    private static void Fill(ref Span<byte> rest, int count)
    {
        rest[..count].Fill(NoOperation);
        rest = rest[count..];
    }
}
