using System.Collections;
using System.Net;
using Sockeye.Interop;

namespace Sockeye;

/// <summary>
/// Datagrams that a <see cref="DatagramSocket"/> receives or sends in one call, with the memory they are in. Made once and used again, it costs no allocation. One
/// call at a time.
/// </summary>
public sealed class DatagramBatch : IReadOnlyList<BatchedDatagram>
{
    /// <summary>The most datagrams of one batch: what one system call of Linux takes (UIO_MAXIOV).</summary>
    public const int DatagramsLimit = 1024;

    private readonly BatchedDatagram[] _datagrams;

    /// <summary>Makes an empty batch.</summary>
    /// <param name="datagramsMax">The most datagrams it holds, 1 to <see cref="DatagramsLimit"/>.</param>
    /// <param name="lengthMax">The most bytes each may have; what is received beyond is cut.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is out of range, or there is no array for so much memory.</exception>
    public DatagramBatch(int datagramsMax = 32, int lengthMax = 2048)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(datagramsMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(datagramsMax, DatagramsLimit);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lengthMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lengthMax, Array.MaxLength / datagramsMax);
        LengthMax = lengthMax;

        // Never moved, so that the system's lists of them can be written once and stay.
        Memory = GC.AllocateArray<byte>(datagramsMax * lengthMax, pinned: true);
        Addresses = GC.AllocateArray<byte>(datagramsMax * LibC.AddressMax, pinned: true);
        _datagrams = new BatchedDatagram[datagramsMax];
        for (int i = 0; i < _datagrams.Length; i++)
            _datagrams[i] = new BatchedDatagram(this, i);
    }

    /// <summary>The most datagrams it holds.</summary>
    public int DatagramsMax => _datagrams.Length;

    /// <summary>The most bytes each may have.</summary>
    public int LengthMax { get; }

    /// <summary>How many datagrams it holds now.</summary>
    public int Count { get; internal set; }

    /// <summary>Whether there is no room for another datagram.</summary>
    public bool IsFull => Count == _datagrams.Length;

    /// <summary>
    /// How many of its datagrams the last send has sent, the first ones. After a send that failed or was cancelled it is the index of the datagram that did not go.
    /// </summary>
    public int SentCount { get; internal set; }

    /// <summary>A datagram that it holds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It does not hold so many.</exception>
    public BatchedDatagram this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return _datagrams[index];
        }
    }

    /// <summary>The memory of all datagrams, <see cref="LengthMax"/> each.</summary>
    internal byte[] Memory { get; }

    /// <summary>The memory of all addresses, <see cref="LibC.AddressMax"/> each.</summary>
    internal byte[] Addresses { get; }

    /// <summary>The batch as Linux takes it, made when it is first needed.</summary>
    internal MessageBatch Messages => field ??= new MessageBatch(this);

    /// <summary>Empties it.</summary>
    public void Clear() => Count = SentCount = 0;

    /// <summary>Adds a datagram for the peer that the socket is connected to. Its bytes are copied.</summary>
    /// <returns>The datagram, whose bytes may still be changed.</returns>
    /// <exception cref="ArgumentException">It has more than <see cref="LengthMax"/> bytes.</exception>
    /// <exception cref="InvalidOperationException">The batch is full.</exception>
    public BatchedDatagram Add(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > LengthMax)
            throw new ArgumentException($"The datagram has {bytes.Length} bytes, and this batch has room for {LengthMax} each: make it with a greater lengthMax.", nameof(bytes));
        if (IsFull)
            throw new InvalidOperationException($"The batch holds {DatagramsMax} datagrams and is full: send it, or make it with a greater datagramsMax.");
        BatchedDatagram datagram = _datagrams[Count++];
        datagram.AddressLength = 0;
        datagram.Fill(bytes);
        return datagram;
    }

    /// <summary>Adds a datagram for <paramref name="to"/>. Bytes and address are copied.</summary>
    /// <inheritdoc cref="Add(ReadOnlySpan{byte})"/>
    public BatchedDatagram Add(ReadOnlySpan<byte> bytes, SocketAddress to)
    {
        ArgumentNullException.ThrowIfNull(to);
        BatchedDatagram datagram = Add(bytes);
        datagram.RemoteAddress = to;
        return datagram;
    }

    /// <inheritdoc cref="Add(ReadOnlySpan{byte}, SocketAddress)"/>
    public BatchedDatagram Add(ReadOnlySpan<byte> bytes, EndPoint to)
    {
        ArgumentNullException.ThrowIfNull(to);
        return Add(bytes, NetworkSocket.Serialize(to));
    }

    /// <summary>
    /// Adds <paramref name="bytes"/> as datagrams of <paramref name="length"/> bytes, the last as short as it comes, until all are added or the batch is full. Linux sends
    /// such a run as one message, which the kernel or the network card cuts (UDP_SEGMENT, udp(7)).
    /// </summary>
    /// <param name="bytes">What to cut. It is copied.</param>
    /// <param name="length">The bytes of each datagram, 1 to <see cref="LengthMax"/>.</param>
    /// <param name="to">The receiver; null: the peer that the socket is connected to.</param>
    /// <returns>How many bytes were added.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is out of range.</exception>
    public int AddSegments(ReadOnlySpan<byte> bytes, int length, SocketAddress? to = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, LengthMax);
        int added = 0;
        while (added < bytes.Length && !IsFull)
        {
            int part = Math.Min(length, bytes.Length - added);
            Add(bytes.Slice(added, part)).RemoteAddress = to;
            added += part;
        }

        return added;
    }

    /// <summary>Takes a datagram out; those behind it move up.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It does not hold so many.</exception>
    public void RemoveAt(int index)
    {
        BatchedDatagram removed = this[index];
        Count--;
        Array.Copy(_datagrams, index + 1, _datagrams, index, Count - index);
        _datagrams[Count] = removed;
    }

    /// <summary>The datagrams it holds now, without allocating.</summary>
    public ArraySegment<BatchedDatagram>.Enumerator GetEnumerator() => new ArraySegment<BatchedDatagram>(_datagrams, 0, Count).GetEnumerator();

    IEnumerator<BatchedDatagram> IEnumerable<BatchedDatagram>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The datagram at this place, also where it holds none yet.</summary>
    internal BatchedDatagram At(int index) => _datagrams[index];
}
