using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>What the headers do alike when they are written.</summary>
internal static class PacketWriting
{
    public static void CheckRoom(Span<byte> destination, int length)
    {
        if (destination.Length < length)
            throw new ArgumentException($"The packet needs {length} bytes; there are {destination.Length}.", nameof(destination));
    }

    /// <summary>Puts the payload behind a header of this length. Where it stands there already, that is no work.</summary>
    public static void PutPayload(Span<byte> destination, int headerLength, ReadOnlySpan<byte> payload)
    {
        CheckRoom(destination, headerLength + payload.Length);
        Span<byte> place = destination.Slice(headerLength, payload.Length);
        if (place != payload)
            payload.CopyTo(place);
    }

    public static void PutAddress(Span<byte> place, IPAddress address, AddressFamily family)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.AddressFamily != family || !address.TryWriteBytes(place, out _))
            throw new ArgumentException($"{address} is no {(family == AddressFamily.InterNetwork ? "IPv4" : "IPv6")} address.", nameof(address));
    }
}
