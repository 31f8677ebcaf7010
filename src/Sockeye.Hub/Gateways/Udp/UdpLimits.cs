using System.ComponentModel.DataAnnotations;
using Sockeye.Hub.Domain;

namespace Sockeye.Hub.Gateways.Udp;

/// <summary>Everything that datagrams can make grow at the UDP door, and how far.</summary>
public sealed record UdpLimits
{
    /// <summary>
    /// The longest datagram that is sent, in bytes: with all headers it fits into what every link of IPv6 takes whole (RFC 8200, 5: 1,280), so no datagram of
    /// the hub's is cut into fragments.
    /// </summary>
    [Range(508, 65_507)]
    public int DatagramBytesMax { get; init; } = 1200;

    /// <summary>The longest piece of a longer line, in bytes: it must fit behind a receipt.</summary>
    [Range(200, 60_000)]
    public int PieceBytesMax { get; init; } = 1000;

    /// <summary>The longest command before what is said, in bytes, with the client's own number.</summary>
    [Range(256, 4096)]
    public int CommandBytesMax { get; init; } = 256;

    /// <summary>How long who sends nothing is here.</summary>
    [Range(typeof(TimeSpan), "0:00:10", "1.00:00:00")]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often it is looked who is silent.</summary>
    [Range(typeof(TimeSpan), "0:00:01", "0:10:00")]
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long who has a name must be silent before the same host may take it at another port: whoever starts a program anew has a new port.</summary>
    [Range(typeof(TimeSpan), "0:00:00", "1:00:00")]
    public TimeSpan TakeoverSilence { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The most datagrams of one client that wait for the one before them to be answered.</summary>
    [Range(1, 10_000)]
    public int WaitingMax { get; init; } = 64;

    /// <summary>The most bytes of such datagrams.</summary>
    [Range(1024, 16_777_216)]
    public int WaitingBytesMax { get; init; } = 32 * 1024;

    /// <summary>The most answers to one client that the network has not taken; beyond, its datagrams are lost.</summary>
    [Range(1, 10_000)]
    public int OutgoingMax { get; init; } = 128;

    /// <summary>The most lines that are kept for a client until it asks; of what is older it is told how much it missed.</summary>
    [Range(10, 10_000)]
    public int PendingLinesMax { get; init; } = 100;

    /// <summary>The most bytes of such lines.</summary>
    [Range(4096, 16_777_216)]
    public int PendingBytesMax { get; init; } = 32 * 1024;

    /// <summary>The most lines about who comes and goes among them.</summary>
    [Range(1, 1000)]
    public int NoticesMax { get; init; } = 8;

    /// <summary>The most conversations of which a client's place is kept.</summary>
    [Range(2, 10_000)]
    public int ConversationsMax { get; init; } = 256;

    /// <summary>How many messages of a room are shown to who comes into it.</summary>
    [Range(1, 1000)]
    public int HistoryShown { get; init; } = 10;

    /// <summary>How many messages are read from the store for who missed some, or asks.</summary>
    [Range(1, 1000)]
    public int HistoryMax { get; init; } = 50;

    /// <summary>How often the hub answers addresses beyond this machine that it does not know; others of them it does not answer at all.</summary>
    public Rate Strangers { get; init; } = new(Burst: 1000, PerSecond: 200);

    /// <summary>How long a client's own numbers are good for beyond its session: so late it may repeat a message to a hub that has started anew.</summary>
    [Range(typeof(TimeSpan), "0:00:00", "1.00:00:00")]
    public TimeSpan RepeatWindow { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The most addresses that said good-bye and are kept in mind, for their numbers to begin anew.</summary>
    [Range(1, 1_000_000)]
    public int GoodByesMax { get; init; } = 1000;

    /// <summary>How long a token is good for, at least; at most twice as long.</summary>
    [Range(typeof(TimeSpan), "0:00:10", "1.00:00:00")]
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromMinutes(5);
}
