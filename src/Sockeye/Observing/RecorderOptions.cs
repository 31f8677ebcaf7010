namespace Sockeye;

/// <summary>How much a <see cref="SocketRecorder"/> lets wait while it does not keep up.</summary>
public record RecorderOptions
{
    /// <summary>The default of <see cref="QueuedEventsMax"/>: 16,384 events.</summary>
    public const int QueuedEventsMaxDefault = 16 * 1024;

    /// <summary>The default of <see cref="QueuedBytesMax"/>: 16 MiB.</summary>
    public const int QueuedBytesMaxDefault = 16 * 1024 * 1024;

    internal static readonly RecorderOptions Standard = new();

    private readonly int _queuedEventsMax = QueuedEventsMaxDefault;
    private readonly int _queuedBytesMax = QueuedBytesMaxDefault;

    /// <summary>How many events wait to be recorded before the next is dropped.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public int QueuedEventsMax
    {
        get => _queuedEventsMax;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            _queuedEventsMax = value;
        }
    }

    /// <summary>How many bytes sent and received wait to be recorded before the next event is dropped.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int QueuedBytesMax
    {
        get => _queuedBytesMax;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _queuedBytesMax = value;
        }
    }
}
