using System.IO.Pipelines;

namespace Sockeye;

/// <summary>Frames and lines over a connection.</summary>
public static class ConnectionExtensions
{
    /// <summary>Reads the connection's input as frames.</summary>
    public static FrameReader<T> Frames<T>(this Connection connection, FrameCodec<T> codec)
    {
        ArgumentNullException.ThrowIfNull(connection);
        FrameReader<T> reader = new(connection.Input, codec);
        if (connection.Socket is { } socket)
            reader.FrameDecoded = length => socket.Observer?.Frame(socket, length);
        return reader;
    }

    /// <summary>Tells one more observer what happens on the connection's socket from now on.</summary>
    /// <returns>Disposed, it ends this.</returns>
    /// <exception cref="NotSupportedException">The connection has no socket below it.</exception>
    public static IDisposable Observe(this Connection connection, SocketObserver observer)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(observer);
        NetworkSocket socket = connection.Socket ?? throw new NotSupportedException("There is no socket below this connection that could be observed.");
        socket.AddObserver(observer);
        return new Observation(() => socket.RemoveObserver(observer));
    }

    /// <summary>Sends bytes and flushes.</summary>
    public static ValueTask<FlushResult> WriteAsync(this Connection connection, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return connection.Output.WriteAsync(bytes, cancellationToken);
    }

    /// <summary>Sends one frame and flushes.</summary>
    /// <exception cref="ArgumentException">The frame does not fit the codec.</exception>
    public static ValueTask<FlushResult> WriteFrameAsync<T>(this Connection connection, FrameCodec<T> codec, T frame, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return connection.Output.WriteFrameAsync(codec, frame, cancellationToken);
    }

    /// <summary>Sends one line of UTF-8, ended with LF, and flushes.</summary>
    /// <exception cref="ArgumentException">The text holds a line end itself.</exception>
    public static ValueTask<FlushResult> WriteLineAsync(this Connection connection, string line, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return connection.Output.WriteLineAsync(line, cancellationToken);
    }
}
