namespace Sockeye.Eye.Serving;

/// <summary>How far visitors can make things grow. docs/eye-web.md has the table.</summary>
internal static class EyeLimits
{
    /// <summary>The most connections to the page at a time.</summary>
    public const int ConnectionsMax = 256;

    /// <summary>The longest request line, in bytes.</summary>
    public const int RequestLineBytesMax = 4 * 1024;

    /// <summary>The most bytes of a request's headers.</summary>
    public const int HeaderBytesMax = 16 * 1024;

    /// <summary>The longest body of a request, in bytes: a fault plan.</summary>
    public const int RequestBytesMax = 4 * 1024;

    /// <summary>The longest message of a browser over its WebSocket, in bytes.</summary>
    public const int MessageBytesMax = 1024;

    /// <summary>The most events in one answer, or in one message.</summary>
    public const int EventsMax = 1000;

    /// <summary>How much of an event's bytes comes with it.</summary>
    public const int PreviewBytes = 64;

    /// <summary>The most places that a search names.</summary>
    public const int MatchesMax = 10_000;

    /// <summary>The longest text that is searched for, in bytes.</summary>
    public const int SearchBytesMax = 256;

    /// <summary>The most frames that are named of one event.</summary>
    public const int FramesMax = 500;

    /// <summary>How often a browser is told of the list, at most.</summary>
    public static readonly TimeSpan ListInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>How often it is told of events, at most.</summary>
    public static readonly TimeSpan EventsInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a request's headers may take to come.</summary>
    public static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may rest between requests.</summary>
    public static readonly TimeSpan RestTimeout = TimeSpan.FromSeconds(60);

    /// <summary>How often a silent browser is asked whether it is there (RFC 6455, 5.5.2).</summary>
    public static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(15);

    /// <summary>How long it has to answer.</summary>
    public static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How long a browser that has left may take to come back, as one does that loads the page again, before it is taken for gone.</summary>
    public static readonly TimeSpan ReturnTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How long it has to hear what is left to tell when the page ends.</summary>
    public static readonly TimeSpan LastWordsTimeout = TimeSpan.FromSeconds(1);

    /// <summary>How long it has to agree to a close.</summary>
    public static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(1);
}
