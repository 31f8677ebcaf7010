using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sockeye.Interop;

/// <summary>A <see cref="DatagramBatch"/> as the kernel takes it: a list of messages over the batch's memory, which never moves.</summary>
internal sealed unsafe class MessageBatch
{
    /// <summary>The most datagrams that one message is cut into: what every kernel takes that cuts any (UDP_MAX_SEGMENTS).</summary>
    private const int SegmentsMax = 64;

    /// <summary>The room for a control message with a ushort.</summary>
    private const int ControlLength = 24;

    private const int ControlUsed = 18;

    private readonly DatagramBatch _batch;
    private readonly LibC.MultiMessage[] _messages;
    private readonly LibC.Vector[] _parts;
    private readonly byte[] _controls;

    public MessageBatch(DatagramBatch batch)
    {
        _batch = batch;
        _messages = GC.AllocateArray<LibC.MultiMessage>(batch.DatagramsMax, pinned: true);
        _parts = GC.AllocateArray<LibC.Vector>(batch.DatagramsMax, pinned: true);
        _controls = GC.AllocateArray<byte>(batch.DatagramsMax * ControlLength, pinned: true);
    }

    /// <summary>Receives up to <paramref name="max"/> datagrams into the batch.</summary>
    public SocketError Receive(SafeHandle socket, int max)
    {
        for (int i = 0; i < max; i++)
        {
            BatchedDatagram datagram = _batch.At(i);
            _parts[i] = new LibC.Vector { Base = BytesOf(datagram), Length = (nuint)_batch.LengthMax };
            _messages[i].Header = new LibC.MessageHeader { Name = AddressOf(datagram), NameLength = LibC.AddressMax, Vectors = PartAt(i), VectorCount = 1 };
        }

        int error = LibC.ReceiveMessages(socket, MessageAt(0), max, out int received);
        for (int i = 0; i < received; i++)
        {
            BatchedDatagram datagram = _batch.At(i);
            datagram.Received((int)_messages[i].Length, _messages[i].IsTruncated);
            datagram.AddressLength = (int)Math.Min(_messages[i].Header.NameLength, LibC.AddressMax);
        }

        _batch.Count = received;
        GC.KeepAlive(_batch);
        return Errno.ToSocketError(error);
    }

    /// <summary>Sends datagrams of the batch.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="end">The first that is none of them.</param>
    /// <param name="mayJoin">Whether those of one length to one address may go as one message; false when the kernel says that it never can.</param>
    /// <param name="sent">How many went.</param>
    /// <returns>Why the first of them did not go.</returns>
    public SocketError Send(SafeHandle socket, int first, int end, ref bool mayJoin, out int sent)
    {
        int error = SendOnce(socket, first, end, mayJoin, out sent);
        int joined = (int)_messages[0].Header.VectorCount;
        if (joined > 1 && RefusesJoined(error))
        {
            // The route's device cannot cut or checksum them, they are longer than the path takes, or there is not the memory for all at once.
            mayJoin = error != Errno.InputOutput;
            error = SendOnce(socket, first, first + joined, mayJoin: false, out sent);
        }

        return Errno.ToSocketError(error);
    }

    /// <summary>The same in one call, and the error number.</summary>
    public int SendOnce(SafeHandle socket, int first, int end, bool mayJoin, out int sent)
    {
        int messages = 0;
        for (int i = first, joined; i < end; i += joined)
        {
            joined = mayJoin ? JoinedAt(i, end) : 1;
            for (int j = i; j < i + joined; j++)
                _parts[j] = new LibC.Vector { Base = BytesOf(_batch.At(j)), Length = (nuint)_batch.At(j).Length };
            Write(messages++, _batch.At(i), i, joined);
        }

        int error = LibC.SendMessages(socket, MessageAt(0), messages, out int went);
        sent = 0;
        for (int i = 0; i < went; i++)
            sent += (int)_messages[i].Header.VectorCount;
        GC.KeepAlive(_batch);
        return error;
    }

    private static bool RefusesJoined(int error) => error is Errno.InputOutput or Errno.InvalidArgument or Errno.MessageSize or Errno.NoBuffers or Errno.NoMemory
        or Errno.NotSupported or Errno.NoProtocolOption;

    /// <summary>How many from this one on make one message: as long as the first, but for the last, which may be shorter, and to the same address.</summary>
    private int JoinedAt(int first, int end)
    {
        BatchedDatagram one = _batch.At(first);
        if (one.Length == 0)
            return 1;
        int max = Math.Min(Math.Min(end - first, SegmentsMax), DatagramSocket.DatagramMax / one.Length);
        int joined = 1;
        while (joined < max)
        {
            BatchedDatagram next = _batch.At(first + joined);
            if (next.Length > one.Length || next.Length == 0 || !next.Address.SequenceEqual(one.Address))
                break;
            joined++;
            if (next.Length < one.Length)
                break;
        }

        return joined;
    }

    private void Write(int index, BatchedDatagram datagram, int part, int joined)
    {
        int length = datagram.AddressLength;
        _messages[index].Header = new LibC.MessageHeader
        {
            Name = length == 0 ? null : AddressOf(datagram),
            NameLength = (uint)length,
            Vectors = PartAt(part),
            VectorCount = (nuint)joined,
        };
        if (joined == 1)
            return;
        byte* control = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_controls, index * ControlLength);
        *(LibC.ControlHeader*)control = new LibC.ControlHeader { Length = ControlUsed, Level = LibC.UdpLevel, Type = LibC.SegmentOption };
        *(ushort*)(control + sizeof(LibC.ControlHeader)) = (ushort)datagram.Length;
        _messages[index].Header.Control = control;
        _messages[index].Header.ControlLength = ControlLength;
    }

    private byte* BytesOf(BatchedDatagram datagram) => (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_batch.Memory, datagram.Slot * _batch.LengthMax);

    private byte* AddressOf(BatchedDatagram datagram) => (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_batch.Addresses, datagram.Slot * LibC.AddressMax);

    private LibC.Vector* PartAt(int index) => (LibC.Vector*)Marshal.UnsafeAddrOfPinnedArrayElement(_parts, index);

    private LibC.MultiMessage* MessageAt(int index) => (LibC.MultiMessage*)Marshal.UnsafeAddrOfPinnedArrayElement(_messages, index);
}
