using System.Buffers;
using System.IO.Pipelines;

namespace Sockeye;

/// <summary>The connection below TLS as the stream that <see cref="System.Net.Security.SslStream"/> wants, and what it hides: how the transport ended.</summary>
internal sealed class TlsTransport(Connection inner, TlsSessionGate gate) : Stream
{
    private readonly byte[] _first = new byte[ProtocolGuess.BytesMax];
    private int _firstCount;
    private volatile bool _writeCancelled;

    /// <summary>The transport has ended: SslStream says the same of this and of a close_notify.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>What the connection below threw.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>The first bytes that the peer sent.</summary>
    public ReadOnlySpan<byte> First => _first.AsSpan(0, _firstCount);

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Lets a write end that waits: the connection below keeps what the network has not taken, so that no record is torn.</summary>
    public void CancelWrite()
    {
        _writeCancelled = true;
        inner.Output.CancelPendingFlush();
    }

    public void AllowWriting() => _writeCancelled = false;

    /// <summary>While it waits for ciphertext nobody decrypts. Where it throws, nobody will.</summary>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        bool wasIn = gate.LeaveReader();
        try
        {
            while (true)
            {
                ReadResult result = await inner.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
                ReadOnlySequence<byte> bytes = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, buffer.Length));
                bytes.CopyTo(buffer.Span);
                inner.Input.AdvanceTo(bytes.End);
                if (bytes.Length > 0)
                    Note(buffer.Span[..(int)bytes.Length]);
                else if (buffer.Length > 0 && result.IsCompleted)
                    HasEnded = true;
                if (bytes.Length == 0 && !result.IsCompleted && (buffer.Length > 0 || result.IsCanceled))
                    continue;
                if (wasIn)
                    await gate.EnterReaderAsync().ConfigureAwait(false);
                return (int)bytes.Length;
            }
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Fault = e;
            throw;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Without the token: a record that is begun is sent, now or by a later flush.</summary>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            FlushResult result = await inner.Output.WriteAsync(buffer, CancellationToken.None).ConfigureAwait(false);
            while (result.IsCanceled && !_writeCancelled)
                result = await inner.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Fault = e;
            throw;
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Note(ReadOnlySpan<byte> bytes)
    {
        int count = Math.Min(bytes.Length, _first.Length - _firstCount);
        bytes[..count].CopyTo(_first.AsSpan(_firstCount));
        _firstCount += count;
    }
}
