using System.Buffers.Binary;

namespace Sockeye;

/// <summary>The options at the end of a pcapng block, one after the other.</summary>
internal ref struct PcapngOptions(ReadOnlySpan<byte> bytes, bool bigEndian)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>The current one's code.</summary>
    public ushort Code { get; private set; }

    /// <summary>The current one's value.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>One of them ran over the end.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Goes to the next; false: there is none.</summary>
    public bool MoveNext()
    {
        if (_rest.IsEmpty || IsMalformed)
            return false;
        IsMalformed = true;
        if (_rest.Length < PcapngFormat.OptionHeaderLength)
            return false;
        Code = Read(_rest);
        int length = Read(_rest[2..]);
        ReadOnlySpan<byte> rest = _rest[PcapngFormat.OptionHeaderLength..];
        if (PcapngFormat.Padded(length) > rest.Length)
            return false;
        IsMalformed = false;
        Value = rest[..length];
        _rest = Code == PcapngFormat.EndOfOptions ? default : rest[PcapngFormat.Padded(length)..];
        return Code != PcapngFormat.EndOfOptions;
    }

    private readonly ushort Read(ReadOnlySpan<byte> bytes) =>
        bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
