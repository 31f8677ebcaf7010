using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>A connection as a stream.</summary>
internal sealed class ConnectionStream(Connection connection) : Stream
{
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
                ReadOnlySequence<byte> bytes = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, buffer.Length));
                bytes.CopyTo(buffer.Span);
                connection.Input.AdvanceTo(bytes.End);
                if (bytes.Length > 0 || result.IsCompleted || buffer.Length == 0)
                    return (int)bytes.Length;
                if (result.IsCanceled)
                    throw new OperationCanceledException("The read was cancelled by CancelPendingRead.");
            }
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw new IOException(e.Message, e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

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

    public override void Write(byte[] buffer, int offset, int count) =>
        WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

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

    public override void Flush() => FlushAsync(CancellationToken.None).GetAwaiter().GetResult();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A connection's stream cannot seek.");

    public override void SetLength(long value) => throw new NotSupportedException("A connection's stream has no length.");

    public override async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
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
