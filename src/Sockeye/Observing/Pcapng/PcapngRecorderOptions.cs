namespace Sockeye;

/// <summary>How a <see cref="PcapngRecorder"/> records.</summary>
public sealed record PcapngRecorderOptions : RecorderOptions
{
    /// <summary>The default of <see cref="FilesMax"/>: 10 files.</summary>
    public const int FilesMaxDefault = 10;

    internal static readonly PcapngRecorderOptions Default = new();

    private readonly long _fileBytesMax;
    private readonly int _filesMax = FilesMaxDefault;

    /// <summary>How TLS that is ended here is recorded.</summary>
    public PcapngTls Tls { get; init; }

    /// <summary>
    /// A file that has so many bytes is moved aside, and the next one begun: <c>name.1.pcapng</c> is the one before <c>name.pcapng</c>, and so on.
    /// 0, the default: one file, of any size.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public long FileBytesMax
    {
        get => _fileBytesMax;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _fileBytesMax = value;
        }
    }

    /// <summary>How many files there are at most where <see cref="FileBytesMax"/> is set, the one being written included; the oldest goes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int FilesMax
    {
        get => _filesMax;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _filesMax = value;
        }
    }

    /// <summary>Is told when writing begins to fail, once until it succeeds again. Called on the recorder's thread.</summary>
    public Action<Exception>? WriteFailed { get; init; }
}
