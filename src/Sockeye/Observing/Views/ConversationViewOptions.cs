using System.Buffers;

namespace Sockeye;

/// <summary>How conversations are shown to people.</summary>
public sealed record ConversationViewOptions : RecorderOptions
{
    /// <summary>The default of <see cref="Columns"/>: 100 characters.</summary>
    public const int ColumnsDefault = 100;

    /// <summary>The least that is used of <see cref="Columns"/>: 40 characters.</summary>
    public const int ColumnsMin = 40;

    /// <summary>The default of <see cref="HexBytesMax"/>: 256 bytes.</summary>
    public const int HexBytesMaxDefault = 256;

    /// <summary>How wide a line may be; asked for each line, as a terminal's width changes.</summary>
    public Func<int> Columns { get; init; } = static () => ColumnsDefault;

    /// <summary>Whether bytes are shown as rows of hexadecimal digits and ASCII instead of text.</summary>
    public bool Hex { get; init; }

    /// <summary>The most bytes of one event that are shown as hexadecimal rows.</summary>
    public int HexBytesMax { get; init; } = HexBytesMaxDefault;

    /// <summary>What cuts both directions into frames, whose ends are shown; null for none.</summary>
    public FrameCodec<ReadOnlySequence<byte>>? Frames { get; init; }

    /// <summary>Whether lines are coloured by the sequences of terminals (ECMA-48, SGR).</summary>
    public bool Colours { get; init; }
}
