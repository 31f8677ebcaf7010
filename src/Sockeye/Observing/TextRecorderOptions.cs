namespace Sockeye;

/// <summary>How a <see cref="TextRecorder"/> writes.</summary>
public sealed record TextRecorderOptions : RecorderOptions
{
    /// <summary>The default of <see cref="DataWidthMax"/>: 64 characters.</summary>
    public const int DataWidthMaxDefault = 64;

    /// <summary>The largest <see cref="DataWidthMax"/>: 65,536 characters.</summary>
    public const int DataWidthMaxLimit = 64 * 1024;

    internal static readonly TextRecorderOptions Default = new();

    private readonly int _dataWidthMax = DataWidthMaxDefault;

    /// <summary>
    /// The most characters that the bytes of one event take in its line, escapes included; an ellipsis follows what was cut. Zero shows no bytes.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or over <see cref="DataWidthMaxLimit"/>.</exception>
    public int DataWidthMax
    {
        get => _dataWidthMax;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, DataWidthMaxLimit);
            _dataWidthMax = value;
        }
    }

    /// <summary>Whether bytes are shown as pairs of hexadecimal digits instead of text.</summary>
    public bool Hex { get; init; }
}
