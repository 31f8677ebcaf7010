namespace Sockeye;

/// <summary>One option of an IPv4 or TCP header.</summary>
public readonly ref struct PacketOption
{
    internal PacketOption(byte kind, ReadOnlySpan<byte> data)
    {
        Kind = kind;
        Data = data;
    }

    /// <summary>Its number: IANA's registries "IP Option Numbers" and "TCP Option Kind Numbers".</summary>
    public byte Kind { get; }

    /// <summary>What follows its kind and length.</summary>
    public ReadOnlySpan<byte> Data { get; }
}
