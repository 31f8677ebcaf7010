using System.Net.Sockets;

namespace Sockeye;

/// <summary>A stream over a socket. <see cref="SocketException"/>s come wrapped in <see cref="IOException"/>s, as users of streams expect.</summary>
internal sealed class SocketStream(NetworkSocket socket, bool ownsSocket) : Stream
{
    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override bool CanTimeout => true;

    public override long Length => throw new NotSupportedException("A socket's stream has no length.");

    public override long Position
    {
        get => throw new NotSupportedException("A socket's stream has no position.");
        set => throw new NotSupportedException("A socket's stream has no position.");
    }

    public override int ReadTimeout
    {
        get => socket.Timeout is { } timeout ? (int)timeout.TotalMilliseconds : System.Threading.Timeout.Infinite;
        set => socket.Timeout = value == System.Threading.Timeout.Infinite ? null : TimeSpan.FromMilliseconds(value);
    }

    public override int WriteTimeout
    {
        get => ReadTimeout;
        set => ReadTimeout = value;
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return socket.Receive(buffer);
        }
        catch (SocketException e)
        {
            throw Wrap(e);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw Wrap(e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            if (buffer.Length > 0)
                socket.SendAll(buffer);
        }
        catch (SocketException e)
        {
            throw Wrap(e);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            if (buffer.Length > 0)
                await socket.SendAllAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw Wrap(e);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A socket's stream cannot seek.");

    public override void SetLength(long value) => throw new NotSupportedException("A socket's stream has no length.");

    protected override void Dispose(bool disposing)
    {
        if (disposing && ownsSocket)
            socket.Dispose();
        base.Dispose(disposing);
    }

    private static IOException Wrap(SocketException e) => new(e.Message, e);
}
