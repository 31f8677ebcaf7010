using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// Reads a socket as a pipe. One contiguous buffer, held only while bytes are in it: an idle connection holds none. It is of the pool, or the network's own, in which it has
/// received them: then what is examined and not consumed moves to one of the pool, and the network has its own back.
/// </summary>
internal sealed partial class SocketInput(SocketConnection connection) : PipeReader
{
    private const int ReceiveMin = 4 * 1024;
    private const int ReceiveMax = 128 * 1024;

    /// <summary>The longest message that is read whole: above what Linux's default send buffer (net.core.wmem_default, 212,992 bytes) lets out.</summary>
    private const int MessageMax = 256 * 1024;

    /// <summary>A <see cref="SequencePosition"/> marks the kind of its sequence in the sign bit; the rest is the index.</summary>
    private const int IndexMask = int.MaxValue;

    private NetworkSocket Socket => connection.Socket;

    private ReadOnlySpan<byte> Unconsumed => (_lent is null ? _buffer : _lent.GetSpan())[_start.._end];

    private byte[]? _buffer;

    /// <summary>Instead of the buffer.</summary>
    private LentBytes? _lent;
    private int _start;
    private int _end;
    private int _examined;
    private int _receiveSize = ReceiveMin;
    private bool _ended;
    private bool _completed;
    private bool _reading;
    private bool _cancelRequested;

    /// <summary>Whether the peer's end has been read: nothing comes any more.</summary>
    public bool HasEnded => _ended;

    public override bool TryRead(out ReadResult result)
    {
        ThrowIfCompleted();
        bool cancelled = TakeCancel();
        if (cancelled || _ended || _examined < _end || (Receive(out _) is var error && error != SocketError.WouldBlock && Check(error)))
        {
            result = Result(cancelled);
            return true;
        }

        result = default;
        return false;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        ThrowIfCompleted();
        if (!_reading)
            throw new InvalidOperationException("There is no read to advance from: call AdvanceTo once after each read.");
        int consumedIndex = IndexOf(consumed);
        int examinedIndex = IndexOf(examined);
        if (consumedIndex < _start || consumedIndex > _end)
            throw new ArgumentOutOfRangeException(nameof(consumed), "The position is not within the bytes of the last read.");
        if (examinedIndex < consumedIndex || examinedIndex > _end)
            throw new ArgumentOutOfRangeException(nameof(examined), "The position is not within the bytes of the last read, or before what was consumed.");
        _reading = false;
        _start = consumedIndex;
        _examined = examinedIndex;
        if (_lent is not null && _examined == _end)
            GiveBack();
        if (_start == _end)
            _start = _end = _examined = 0;
    }

    public override void CancelPendingRead()
    {
        Volatile.Write(ref _cancelRequested, true);
        Socket.SignalCore(SocketEvents.Readable);
    }

    public override void Complete(Exception? exception = null)
    {
        if (_completed)
            return;
        _completed = true;
        Release();
        if (exception is not null)
            connection.Abort(exception);
    }

    /// <summary>Reads and drops until the peer ends, the connection fails, or the deadline comes.</summary>
    public async Task DrainAsync(SocketDeadline deadline)
    {
        byte[]? buffer = null;

        // Its own: a read may be giving way at this moment.
        FairTurn? turn = null;
        int foundAtOnce = 0;
        try
        {
            while (!_ended)
            {
                uint epoch = Socket.EpochCore(SocketEvents.Readable);
                buffer ??= ArrayPool<byte>.Shared.Rent(ReceiveMin);
                SocketError error = Socket.ReceiveOnce(buffer, SocketFlags.None, out int count);
                if (error == SocketError.Success)
                {
                    if (count == 0 && Socket.IsInputAtEnd())
                        return;

                    // A peer that never stops must not keep this loop past its deadline.
                    if (deadline.Remaining == TimeSpan.Zero)
                        return;
                    foundAtOnce += FairTurn.TriesOf(count);
                    if (foundAtOnce >= FairTurn.TriesMax)
                    {
                        foundAtOnce = 0;
                        await (turn ??= new FairTurn(Socket));
                    }

                    continue;
                }

                foundAtOnce = 0;
                if (error != SocketError.WouldBlock || !await Socket.WaitCoreAsync(SocketEvents.Readable, epoch, deadline.Remaining, CancellationToken.None).ConfigureAwait(false))
                    return;
            }
        }
        finally
        {
            if (buffer is not null)
                ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The unconsumed bytes, for whoever goes on without this reader.</summary>
    public byte[] TakeUnread()
    {
        byte[] unread = Unconsumed.ToArray();
        _completed = true;
        _start = _end = 0;
        Release();
        return unread;
    }

    private int IndexOf(SequencePosition position)
    {
        object? buffer = position.GetObject();
        if (buffer is not null && buffer != (object?)_lent && buffer != _buffer && _end > _start)
            throw new ArgumentOutOfRangeException(nameof(position), "The position is of another sequence than the last read's.");
        return _end > _start ? position.GetInteger() & IndexMask : _start;
    }

    private ReadResult Result(bool cancelled)
    {
        _reading = true;
        ReadOnlySequence<byte> bytes = _end == _start ? ReadOnlySequence<byte>.Empty
            : _lent is null ? new ReadOnlySequence<byte>(_buffer!, _start, _end - _start)
            : new ReadOnlySequence<byte>(_lent.Memory[_start.._end]);
        return new ReadResult(bytes, cancelled, _ended);
    }

    /// <summary>One receive behind what is there. Nothing there: gives the buffer back if it is empty.</summary>
    private SocketError Receive(out int count)
    {
        count = 0;
        if (Socket.IsClosed)
            return SocketError.OperationAborted;
        if (_end == _start && Socket.Borrow() is { } lent)
        {
            Release();
            _lent = lent;
            _end = count = lent.Length;
            return SocketError.Success;
        }

        MakeRoom();
        int room = _buffer!.Length - _end;
        SocketError error = ReceiveOnce(_buffer.AsSpan(_end), out count);
        if (error == SocketError.Success && count > 0)
        {
            _end += count;
            Adapt(count, room);
            return error;
        }

        if (_start == _end)
            Release();
        if (error == SocketError.Success)
            _ended = Socket.IsInputAtEnd();
        return error;
    }

    /// <summary>
    /// The next buffer is as large as what comes at a time. That there is nothing more for a moment says nothing: a fast stream is read empty all the time,
    /// and would be read in small pieces ever again.
    /// </summary>
    private void Adapt(int count, int room)
    {
        if (count == room)
            _receiveSize = Math.Min(_receiveSize * 2, ReceiveMax);
        else if (count < _receiveSize / 4)
            _receiveSize = Math.Max(_receiveSize / 2, ReceiveMin);
    }

    /// <summary>Of a SEQPACKET socket one message. A cut one would pass for whole, so it is an error.</summary>
    private SocketError ReceiveOnce(Span<byte> room, out int count)
    {
        if (Socket.SocketType != SocketType.Seqpacket)
            return Socket.ReceiveOnce(room, SocketFlags.None, out count);
        SocketError error = Socket.ReceiveFromOnce(room, SocketFlags.None, from: null, out DatagramResult message);
        count = message.Count;
        return message.Truncated ? throw new ProtocolException($"{Describe()} sent a message longer than {room.Length} bytes, which were left of the buffer.") : error;
    }

    /// <summary>Room behind the bytes: a buffer, its front used again, or a larger one.</summary>
    private void MakeRoom()
    {
        int length = _end - _start;
        if (length >= connection.Options.InputBufferMax)
            throw new ProtocolException($"{Describe()} sent {length} bytes and none could be consumed; InputBufferMax is {connection.Options.InputBufferMax}.");
        int roomMin = Socket.SocketType == SocketType.Seqpacket ? MessageMax : ReceiveMin / 2;

        // A stream that never is read empty would be read with its first buffer for ever.
        if (length == 0 && _buffer?.Length < _receiveSize)
            Release();
        if (_buffer is null)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(_receiveSize, roomMin));
            return;
        }

        if (_buffer.Length - _end >= roomMin)
            return;
        int wanted = length + ReceiveMin > _buffer.Length / 2 ? Math.Max(_buffer.Length * 2, _receiveSize) : _buffer.Length;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(wanted, length + roomMin));
        _buffer.AsSpan(_start, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
        _examined -= _start;
        _start = 0;
        _end = length;
    }

    private bool Check(SocketError error) =>
        error == SocketError.Success ? true : throw connection.Failure(error, "receive from");

    private bool TakeCancel() => Volatile.Read(ref _cancelRequested) && Interlocked.Exchange(ref _cancelRequested, false);

    /// <summary>What is left of the network's buffer moves to one of the pool.</summary>
    private void GiveBack()
    {
        if (_start < _end)
        {
            int length = _end - _start;
            _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(_receiveSize, length + (ReceiveMin / 2)));
            Unconsumed.CopyTo(_buffer);
            (_start, _examined, _end) = (0, _examined - _start, length);
        }

        GiveBackLent();
    }

    private void Release()
    {
        GiveBackLent();
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }

        _start = _end = _examined = 0;
    }

    /// <summary>Once: given back twice it would be two connections' at a time, even if two threads end a read at once, which they must not.</summary>
    private void GiveBackLent()
    {
        if (_lent is not null)
            Interlocked.Exchange(ref _lent, null)?.GiveBack();
    }

    private string Describe() => Socket.Description ?? "the peer";

    private void ThrowIfCompleted()
    {
        if (_completed)
            throw new InvalidOperationException("This reader is completed: it reads no more.");
    }
}
