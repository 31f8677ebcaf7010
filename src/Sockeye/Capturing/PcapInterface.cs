namespace Sockeye;

/// <summary>An interface of a capture file: how its packets are to be read.</summary>
internal sealed record PcapInterface(int Number, PcapLinkType LinkType)
{
    private const int DecimalExponentMax = 19;
    private const int BinaryExponentMax = 63;
    private const byte BinaryBit = 0x80;

    /// <summary>Microseconds, unless told.</summary>
    public ulong UnitsPerSecond { get; private init; } = 1_000_000;

    /// <summary>Seconds that every time is to be moved by.</summary>
    public long TimeOffset { get; init; }

    /// <summary>A packet is cut at so many bytes; 0: at none.</summary>
    public uint SnapLength { get; init; }

    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>The interface with times of this resolution: 10 to the minus nth of a second, or with the highest bit set 2 to the minus nth.</summary>
    /// <returns>Null: finer than 64 bits can tell a second.</returns>
    public PcapInterface? WithResolution(byte resolution)
    {
        int exponent = resolution & ~BinaryBit;
        if ((resolution & BinaryBit) != 0)
            return exponent > BinaryExponentMax ? null : this with { UnitsPerSecond = 1UL << exponent };
        if (exponent > DecimalExponentMax)
            return null;
        ulong units = 1;
        for (int i = 0; i < exponent; i++)
            units *= 10;
        return this with { UnitsPerSecond = units };
    }

    /// <summary>The time of so many units.</summary>
    /// <returns>Null: no date has it.</returns>
    public DateTimeOffset? Time(ulong units)
    {
        Int128 ticks = ((Int128)units * TimeSpan.TicksPerSecond / UnitsPerSecond) + ((Int128)TimeOffset * TimeSpan.TicksPerSecond) + DateTime.UnixEpoch.Ticks;
        return ticks < 0 || ticks > DateTime.MaxValue.Ticks ? null : new DateTimeOffset((long)ticks, TimeSpan.Zero);
    }
}
