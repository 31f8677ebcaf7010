using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// A connection as a stream. The plain calls wait on their thread: over a socket in the network's plain wait, needing no other thread; over what wraps
/// one (TLS) for the calls without a thread.
/// </summary>
internal sealed class ConnectionStream(Connection connection) : Stream
{
    private readonly SocketConnection? _plain = connection as SocketConnection;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException("A connection's stream has no length.");

    public override long Position
    {
        get => throw new NotSupportedException("A connection's stream has no position.");
        set => throw new NotSupportedException("A connection's stream has no position.");
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            while (true)
            {
                ReadResult result = await connection.Input.ReadAsync(cancellationToken).ConfigureAwait(false);
                if (Take(result, buffer.Span) is { } count)
                    return count;
            }
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw new IOException(e.Message, e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (_plain is null)
            return ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();
        try
        {
            while (true)
            {
                if (Take(_plain.ReadPlain(), buffer.AsSpan(offset, count)) is { } taken)
                    return taken;
            }
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw new IOException(e.Message, e);
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await connection.Output.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw new IOException(e.Message, e);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count)
    {
        if (_plain is null)
            WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();
        else
            WritePlain(_plain, buffer.AsMemory(offset, count));
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await connection.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw new IOException(e.Message, e);
        }
    }

    public override void Flush()
    {
        if (_plain is null)
            FlushAsync(CancellationToken.None).GetAwaiter().GetResult();
        else
            WritePlain(_plain, default);
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A connection's stream cannot seek.");

    public override void SetLength(long value) => throw new NotSupportedException("A connection's stream has no length.");

    public override async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private void WritePlain(SocketConnection plain, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            plain.WritePlain(bytes);
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>Takes what fits of what was read; null when nothing came and the next read is to tell.</summary>
    private int? Take(ReadResult result, Span<byte> buffer)
    {
        ReadOnlySequence<byte> bytes = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, buffer.Length));
        bytes.CopyTo(buffer);
        connection.Input.AdvanceTo(bytes.End);
        if (bytes.Length > 0 || result.IsCompleted || buffer.Length == 0)
            return (int)bytes.Length;
        return result.IsCanceled ? throw new OperationCanceledException("The read was cancelled by CancelPendingRead.") : null;
    }

    /// <summary>What the network did, and the reason that an abort gave, whatever that is: users of streams expect one kind of exception.</summary>
    private bool IsFailure(Exception e) =>
        e is SocketException or TlsException or TruncatedStreamException || (connection.Closed.IsCancellationRequested && e is not (IOException or OperationCanceledException));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            connection.DisposeAsync().AsTask().GetAwaiter().GetResult();
        base.Dispose(disposing);
    }
}
