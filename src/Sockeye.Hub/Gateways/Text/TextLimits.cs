using System.ComponentModel.DataAnnotations;

namespace Sockeye.Hub.Gateways.Text;

/// <summary>How far clients of the plain-text door can make things grow, beside what <see cref="HubOptions"/> and <see cref="Domain.ChatLimits"/> say.</summary>
public sealed record TextLimits
{
    /// <summary>How many messages of a room are shown to who comes into it.</summary>
    [Range(1, 1000)]
    public int HistoryShown { get; init; } = 20;

    /// <summary>How many messages one client may have said that are not kept yet. They are kept together, and leave in one send for each who reads them.</summary>
    [Range(1, 10_000)]
    public int UnansweredMax { get; init; } = 200;

    /// <summary>How many missed messages are shown to who was slow or away; older ones are only counted.</summary>
    [Range(1, 10_000)]
    public int CaughtUpMax { get; init; } = 200;

    /// <summary>How many messages are read from the store at a time.</summary>
    [Range(1, 1000)]
    public int PageMessages { get; init; } = 100;

    /// <summary>The longest command before what is said, in bytes.</summary>
    [Range(256, 4096)]
    public int CommandBytesMax { get; init; } = 256;

    /// <summary>A line so long, in bytes, is no line any more: the connection is ended.</summary>
    [Range(1024, 134_217_728)]
    public int EndlessLineBytesMax { get; init; } = 1024 * 1024;

    /// <summary>How many wrong passwords a client may say.</summary>
    [Range(1, 100)]
    public int PasswordTriesMax { get; init; } = 3;

    /// <summary>How long a client that may be a browser is not greeted.</summary>
    [Range(typeof(TimeSpan), "0:00:00", "0:00:10")]
    public TimeSpan GreetingDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a client may be connected without a name.</summary>
    [Range(typeof(TimeSpan), "0:00:01", "1.00:00:00")]
    public TimeSpan NamelessTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long after the history could not be read it is tried again.</summary>
    [Range(typeof(TimeSpan), "0:00:00.1", "0:10:00")]
    public TimeSpan HistoryRetryDelay { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long one that goes has to take what waits for it.</summary>
    [Range(typeof(TimeSpan), "0:00:00.1", "0:01:00")]
    public TimeSpan FarewellTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a connection is silent before the system asks whether its peer is still there.</summary>
    [Range(typeof(TimeSpan), "0:00:01", "9:00:00")]
    public TimeSpan KeepAliveTime { get; init; } = TimeSpan.FromMinutes(5);
}
