using System.ComponentModel.DataAnnotations;
using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Gateways.Web;

/// <summary>How far pages can make things grow, beside what <see cref="HubOptions"/> and <see cref="ChatLimits"/> say. docs/hub-web.md has the table.</summary>
public sealed record WebLimits
{
    /// <summary>The longest message that a page may send, in bytes: the longest text, every character of it escaped, and what is around it.</summary>
    [Range(1024, 1_048_576)]
    public int MessageBytesMax { get; init; } = 32 * 1024;

    /// <summary>How many frames without a byte a message may have before its last; a page that sends more of them is put out, as they would never fill a message.</summary>
    [Range(0, 10_000)]
    public int EmptyFramesMax { get; init; } = 16;

    /// <summary>How much a page may ask for; beyond it the hub reads more slowly.</summary>
    public Rate Commands { get; init; } = new(Burst: 200, PerSecond: 50);

    /// <summary>How much a page may send that is not understood; beyond it the page is put out.</summary>
    public Rate Misunderstood { get; init; } = new(Burst: 20, PerSecond: 0.1);

    /// <summary>How long a page may stay without ever having a name. It comes back by itself while somebody has it open.</summary>
    [Range(typeof(TimeSpan), "0:00:01", "1.00:00:00")]
    public TimeSpan NamelessTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a page has to take what waits for it and to agree to the close, when it goes or must go.</summary>
    [Range(typeof(TimeSpan), "0:00:00.1", "0:01:00")]
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a page that is silent is asked whether it is there (RFC 6455, 5.5.2).</summary>
    [Range(typeof(TimeSpan), "0:00:00.1", "1:00:00")]
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long it has to answer.</summary>
    [Range(typeof(TimeSpan), "0:00:00.1", "1:00:00")]
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many connections a page may have on the average: browsers fetch several files at a time.</summary>
    [Range(1, 100)]
    public int ConnectionsPerPage { get; init; } = 8;

    /// <summary>The longest request line, in bytes.</summary>
    [Range(1024, 65_536)]
    public int RequestLineBytesMax { get; init; } = 4 * 1024;

    /// <summary>The most bytes of a request's headers.</summary>
    [Range(2048, 1_048_576)]
    public int HeaderBytesMax { get; init; } = 16 * 1024;

    /// <summary>How long a request's headers may take to come.</summary>
    [Range(typeof(TimeSpan), "0:00:01", "0:10:00")]
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may rest between requests.</summary>
    [Range(typeof(TimeSpan), "0:00:01", "1:00:00")]
    public TimeSpan RestTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
