namespace Sockeye.Eye;

/// <summary>How much an <see cref="EyeRecorder"/> keeps.</summary>
public sealed record EyeRecorderOptions : RecorderOptions
{
    /// <summary>The default of <see cref="ConversationsMax"/>: 1,000.</summary>
    public const int ConversationsMaxDefault = 1_000;

    /// <summary>The default of <see cref="EventsPerConversationMax"/>: 40,000; what passes a relay is two, where it came in and where it went out.</summary>
    public const int EventsPerConversationMaxDefault = 40_000;

    /// <summary>The default of <see cref="BytesPerConversationMax"/>: 16 MiB.</summary>
    public const long BytesPerConversationMaxDefault = 16 * 1024 * 1024;

    /// <summary>The default of <see cref="BytesMax"/>: 128 MiB.</summary>
    public const long BytesMaxDefault = 128 * 1024 * 1024;

    private readonly int _conversationsMax = ConversationsMaxDefault;
    private readonly int _eventsPerConversationMax = EventsPerConversationMaxDefault;
    private readonly long _bytesPerConversationMax = BytesPerConversationMaxDefault;
    private readonly long _bytesMax = BytesMaxDefault;

    /// <summary>How many conversations are kept: one more, and the oldest that has finished leaves, or the oldest if none has.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public int ConversationsMax
    {
        get => _conversationsMax;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            _conversationsMax = value;
        }
    }

    /// <summary>How many events of one conversation are kept; its oldest leave first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public int EventsPerConversationMax
    {
        get => _eventsPerConversationMax;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            _eventsPerConversationMax = value;
        }
    }

    /// <summary>How many bytes of memory the events of one conversation take, with what was said; its oldest leave first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public long BytesPerConversationMax
    {
        get => _bytesPerConversationMax;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            _bytesPerConversationMax = value;
        }
    }

    /// <summary>How many bytes of memory all events take: beyond it the oldest finished conversation leaves, and if none has finished, the oldest events of the longest.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public long BytesMax
    {
        get => _bytesMax;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            _bytesMax = value;
        }
    }

    /// <summary>Whether passwords and the like are kept and shown as they are, not masked.</summary>
    public bool ShowSecrets { get; init; }
}
