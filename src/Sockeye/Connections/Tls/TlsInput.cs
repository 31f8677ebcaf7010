using System.Buffers;
using System.IO.Pipelines;

namespace Sockeye;

/// <summary>What the peer sends, decrypted, as a pipe. It holds no memory while it waits, and never more than the limit.</summary>
internal sealed class TlsInput : PipeReader
{
    /// <summary>What one record holds at most (RFC 8446, section 5.1).</summary>
    private const int RecordMax = 16 * 1024;

    private readonly TlsConnection _connection;
    private readonly PipeReader _reader;
    private readonly int _bufferMax;
    private ReadOnlySequence<byte> _read;
    private ReadOnlySequence<byte> _rest;
    private long _kept;
    private bool _reading;
    private bool _ended;
    private bool _completed;
    private int _waiting;

    public TlsInput(TlsConnection connection, int bufferMax)
    {
        _connection = connection;
        _bufferMax = bufferMax;
        _reader = Create(new Decrypted(connection), new StreamPipeReaderOptions(bufferSize: RecordMax, leaveOpen: true, useZeroByteReads: true));
    }

    public override bool TryRead(out ReadResult result)
    {
        if (!_ended || _completed)
            return _reader.TryRead(out result) && Begin(result);

        // The pipe reader below tells the end, and what is left before it, only once.
        result = new ReadResult(_rest, isCanceled: false, isCompleted: true);
        return Begin(result);
    }

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Interlocked.Exchange(ref _waiting, 1) != 0)
            throw new InvalidOperationException("Somebody reads this TLS connection already: one reader at a time.");
        try
        {
            if (TryRead(out ReadResult result))
                return result;
            if (_kept >= _bufferMax)
                throw new ProtocolException($"{_connection.Peer} sent {_kept} bytes and none could be consumed; InputBufferMax is {_bufferMax}.");
            result = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            Begin(result);
            return result;
        }
        finally
        {
            Volatile.Write(ref _waiting, 0);
        }
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (!_reading)
            throw new InvalidOperationException("There is no read to advance from: call AdvanceTo once after each read.");
        ReadOnlySequence<byte> rest = _read;
        if (!rest.IsEmpty)
        {
            // These throw where the positions are not within the read, or not in this order.
            rest = _read.Slice(consumed);
            _ = _read.Slice(consumed, examined);
        }

        (_reading, _read, _rest, _kept) = (false, default, rest, rest.Length);
        if (!_ended)
            _reader.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => _reader.CancelPendingRead();

    public override void Complete(Exception? exception = null)
    {
        _completed = true;
        _reader.Complete();
        if (exception is not null)
            _connection.Abort(exception);
    }

    private bool Begin(in ReadResult result)
    {
        (_read, _reading) = (result.Buffer, true);
        _ended |= result.IsCompleted;
        return true;
    }

    /// <summary>What a pipe reader can be made of.</summary>
    private sealed class Decrypted(TlsConnection connection) : Stream
    {
        public override bool CanRead => true;

        public override bool CanWrite => false;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            connection.DecryptAsync(buffer, cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
