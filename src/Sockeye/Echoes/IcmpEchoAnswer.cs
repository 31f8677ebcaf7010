using System.Net;

namespace Sockeye;

/// <summary>What came back for one echo request.</summary>
public sealed record IcmpEchoAnswer
{
    /// <summary>What it is.</summary>
    public required IcmpEchoAnswerKind Kind { get; init; }

    /// <summary>Which request it is for.</summary>
    public required ushort SequenceNumber { get; init; }

    /// <summary>Who sent it; null of an error that this machine found itself.</summary>
    public required IPAddress? From { get; init; }

    /// <summary>From right before the request was sent until the reply came to this machine, where the kernel tells that; else, and for errors, until it was read.</summary>
    public required TimeSpan RoundTrip { get; init; }

    /// <summary>Of a reply: its length in bytes with the ICMP header.</summary>
    public int Length { get; init; }

    /// <summary>Of a reply: the time to live, IPv6's hop limit, it came with, if the network tells it.</summary>
    public int? TimeToLive { get; init; }

    /// <summary>Of a reply: its data is not what was sent.</summary>
    public bool IsAltered { get; init; }

    /// <summary>Of an error: its header.</summary>
    public IcmpHeader? Error { get; init; }
}
