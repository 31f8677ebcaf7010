using System.Net;
using System.Net.Sockets;
using Sockeye.Interop;

namespace Sockeye;

/// <summary>What an echo wants to know of the kernel beside the bytes: the hop limit of a reply, and whose error a ping socket was told of (ip(7), ipv6(7)).</summary>
internal partial class LinuxHostSocket
{
    private const int IPLevel = 0;
    private const int IPv6Level = 41;
    private const int ReceiveTimeToLiveOption = 12;
    private const int TimeToLiveMessage = 2;
    private const int ReceiveHopLimitOption = 51;
    private const int HopLimitMessage = 52;
    private const int ReceiveErrorOption = 11;
    private const int ReceiveErrorOption6 = 25;

    private const int TimestampOption = 35;

    /// <summary>The hop limit of the message received last, if the kernel told it.</summary>
    public int? HopLimit => (Reader as HopLimitReader)?.HopLimit;

    /// <summary>When the kernel took the message received last from the interface, UTC, if it told; not when this program came to read it.</summary>
    public DateTime? ReceivedAt => (Reader as HopLimitReader)?.ReceivedAt;

    private int Level => AddressFamily == AddressFamily.InterNetworkV6 ? IPv6Level : IPLevel;

    /// <summary>From now on <see cref="HopLimit"/> and <see cref="ReceivedAt"/> are told.</summary>
    public void ReceiveHopLimit()
    {
        if (SetInteger(Level, Level == IPv6Level ? ReceiveHopLimitOption : ReceiveTimeToLiveOption, 1) == SocketError.Success)
            Extras.Reader = new HopLimitReader(Level, Level == IPv6Level ? HopLimitMessage : TimeToLiveMessage, TimestampOption);
        SetInteger(SocketLevel, TimestampOption, 1);
    }

    /// <summary>From now on ICMP errors wait for <see cref="TryReceiveError"/>.</summary>
    public void ReceiveErrors() => SetInteger(Level, ErrorOption, 1);

    /// <summary>Takes one ICMP error about what this socket has sent.</summary>
    /// <param name="buffer">Takes what the error quotes: for a ping socket the echo request from its ICMP header on.</param>
    /// <param name="count">How much that is.</param>
    /// <param name="error">The error's header.</param>
    /// <param name="from">Who sent it; null: this machine itself found it.</param>
    /// <returns>False: there is none.</returns>
    public bool TryReceiveError(Span<byte> buffer, out int count, out IcmpHeader error, out IPAddress? from)
    {
        Span<byte> name = stackalloc byte[LibC.AddressMax];
        Span<byte> control = stackalloc byte[LibC.ControlMax];
        (count, error, from) = (0, default, null);
        if (LibC.ReceiveMessage(Descriptor, buffer, name, control, fromErrorQueue: true, out ReceivedMessage received) != SocketError.Success)
            return false;
        count = Math.Min(received.Count, buffer.Length);
        if (!QueuedError.TryRead(new ControlMessages(control[..received.ControlLength]).Find(Level, ErrorOption), AddressFamily, out QueuedError queued))
            return true;
        (error, from) = (queued.Header, queued.From);
        return true;
    }

    private int ErrorOption => Level == IPv6Level ? ReceiveErrorOption6 : ReceiveErrorOption;
}
