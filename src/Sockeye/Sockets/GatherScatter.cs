using System.Buffers;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>Several buffers as one, for networks whose sockets take only one: one copy, and the same meaning.</summary>
internal static class GatherScatter
{
    public static SocketError Send(NetworkSocket socket, IReadOnlyList<ReadOnlyMemory<byte>> buffers, SocketFlags flags, out int count)
    {
        byte[] joined = Rent(buffers, out int length);
        try
        {
            return socket.TrySendCore(joined.AsSpan(0, length), flags, out count);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(joined);
        }
    }

    public static SocketError Receive(NetworkSocket socket, IReadOnlyList<Memory<byte>> buffers, SocketFlags flags, out int count)
    {
        int length = 0;
        foreach (Memory<byte> buffer in buffers)
            length = checked(length + buffer.Length);
        byte[] joined = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            SocketError error = socket.TryReceiveCore(joined.AsSpan(0, length), flags, out count);
            Span<byte> rest = joined.AsSpan(0, count);
            foreach (Memory<byte> buffer in buffers)
            {
                int part = Math.Min(buffer.Length, rest.Length);
                rest[..part].CopyTo(buffer.Span);
                rest = rest[part..];
            }

            return error;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(joined);
        }
    }

    /// <summary>The first <paramref name="count"/> bytes over all buffers, for an observer.</summary>
    public static ReadOnlySpan<byte> Join(IReadOnlyList<ReadOnlyMemory<byte>> buffers, int count)
    {
        byte[] joined = new byte[count];
        int at = 0;
        foreach (ReadOnlyMemory<byte> buffer in buffers)
        {
            int part = Math.Min(buffer.Length, count - at);
            buffer.Span[..part].CopyTo(joined.AsSpan(at));
            at += part;
        }

        return joined;
    }

    /// <inheritdoc cref="Join(IReadOnlyList{ReadOnlyMemory{byte}}, int)"/>
    public static ReadOnlySpan<byte> Join(IReadOnlyList<Memory<byte>> buffers, int count) =>
        Join([.. buffers.Select(buffer => (ReadOnlyMemory<byte>)buffer)], count);

    private static byte[] Rent(IReadOnlyList<ReadOnlyMemory<byte>> buffers, out int length)
    {
        length = 0;
        foreach (ReadOnlyMemory<byte> buffer in buffers)
            length = checked(length + buffer.Length);
        byte[] joined = ArrayPool<byte>.Shared.Rent(length);
        int at = 0;
        foreach (ReadOnlyMemory<byte> buffer in buffers)
        {
            buffer.Span.CopyTo(joined.AsSpan(at));
            at += buffer.Length;
        }

        return joined;
    }
}
