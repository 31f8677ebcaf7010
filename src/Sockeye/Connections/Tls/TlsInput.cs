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
    private long _kept;

    public TlsInput(TlsConnection connection, int bufferMax)
    {
        _connection = connection;
        _bufferMax = bufferMax;
        _reader = Create(new Decrypted(connection), new StreamPipeReaderOptions(bufferSize: RecordMax, leaveOpen: true, useZeroByteReads: true));
    }

    public override bool TryRead(out ReadResult result)
    {
        bool has = _reader.TryRead(out result);
        _read = has ? result.Buffer : default;
        return has;
    }

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (TryRead(out ReadResult result))
            return result;
        if (_kept >= _bufferMax)
            throw new ProtocolException($"{_connection.Peer} sent {_kept} bytes and none could be consumed; InputBufferMax is {_bufferMax}.");
        result = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        _read = result.Buffer;
        return result;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _kept = _read.IsEmpty ? 0 : _read.Slice(consumed).Length;
        _read = default;
        _reader.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => _reader.CancelPendingRead();

    public override void Complete(Exception? exception = null)
    {
        _reader.Complete();
        if (exception is not null)
            _connection.Abort(exception);
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
