using System.Net;
using System.Net.Sockets;
using Sockeye.Interop;

namespace Sockeye;

/// <summary>One datagram of a <see cref="DatagramBatch"/>, in the batch's memory. It is another's as soon as the batch is cleared or receives.</summary>
public sealed class BatchedDatagram
{
    private readonly DatagramBatch _batch;
    private SocketAddress? _address;
    private int _length;

    internal BatchedDatagram(DatagramBatch batch, int slot)
    {
        _batch = batch;
        Slot = slot;
    }

    /// <summary>Its bytes. What is written here is what a send of the batch sends.</summary>
    public Memory<byte> Bytes => Room[.._length];

    /// <summary>How many bytes it has. What a greater length adds is zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than <see cref="DatagramBatch.LengthMax"/>.</exception>
    public int Length
    {
        get => _length;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, _batch.LengthMax);

            // What another sender's datagram left there is for nobody else.
            if (value > _length)
                Room.Span[_length..value].Clear();
            _length = value;
        }
    }

    /// <summary>Whether it was longer than <see cref="DatagramBatch.LengthMax"/>; the rest is gone.</summary>
    public bool Truncated { get; internal set; }

    /// <summary>
    /// Who sent it, and whom a send of the batch sends it to; null: a Unix sender without a name, and in a send the peer that the socket is connected to. Reading it
    /// allocates nothing after the first time; the object is this datagram's, and changing it changes nothing: set it.
    /// </summary>
    /// <exception cref="ArgumentException">The address is longer than any that sockets have.</exception>
    public SocketAddress? RemoteAddress
    {
        get
        {
            if (AddressLength <= sizeof(ushort))
                return null;
            SocketAddress address = _address ??= new SocketAddress(AddressFamily.Unspecified, LibC.AddressMax);
            Address.CopyTo(address.Buffer.Span);
            address.Size = AddressLength;
            return address;
        }
        set
        {
            int length = value?.Size ?? 0;
            if (length > LibC.AddressMax)
                throw new ArgumentException($"A socket's address has at most {LibC.AddressMax} bytes, not {length}.", nameof(value));
            value?.Buffer.Span[..length].CopyTo(AddressRoom);
            AddressLength = length;
        }
    }

    /// <summary><see cref="RemoteAddress"/> as an end point, which allocates.</summary>
    public EndPoint? RemoteEndPoint
    {
        get => RemoteAddress is { } address ? EndPoints.Unmap(EndPoints.FromAddress(address)) : null;
        set => RemoteAddress = value is null ? null : NetworkSocket.Serialize(value);
    }

    /// <summary>Which part of the batch's memory it has.</summary>
    internal int Slot { get; }

    /// <summary>All the memory it has.</summary>
    internal Memory<byte> Room => _batch.Memory.AsMemory(Slot * _batch.LengthMax, _batch.LengthMax);

    /// <summary>How many bytes its address has; 0 for none.</summary>
    internal int AddressLength { get; set; }

    /// <summary>Its address as the system writes it.</summary>
    internal ReadOnlySpan<byte> Address => AddressRoom[..AddressLength];

    private Span<byte> AddressRoom => _batch.Addresses.AsSpan(Slot * LibC.AddressMax, LibC.AddressMax);

    /// <summary>An address to receive into: <see cref="RemoteAddress"/> takes it.</summary>
    internal SocketAddress EmptyAddress()
    {
        SocketAddress address = _address ??= new SocketAddress(AddressFamily.Unspecified, LibC.AddressMax);
        address.Size = sizeof(ushort);
        address.Buffer.Span[..sizeof(ushort)].Clear();
        return address;
    }

    /// <summary>It is what a receive into <see cref="Room"/> found.</summary>
    internal void Set(DatagramResult result, SocketAddress from)
    {
        Received(result.Count, result.Truncated);
        RemoteAddress = from;
    }

    /// <summary>So many bytes are in <see cref="Room"/>.</summary>
    internal void Received(int length, bool truncated)
    {
        _length = length;
        Truncated = truncated;
    }

    /// <summary>It is <paramref name="bytes"/>, which fit.</summary>
    internal void Fill(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room.Span);
        Received(bytes.Length, truncated: false);
    }
}
