using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sockeye;

public abstract partial class NetworkSocket
{
    /// <summary>The most descriptors one call passes: the kernel's own limit (SCM_MAX_FD, unix(7)).</summary>
    public const int DescriptorsMax = 253;

    /// <summary>
    /// Passes open descriptors to the process at the other end of a Unix socket, with some data (SCM_RIGHTS, unix(7)). The sender keeps
    /// its own. Python's <c>send_fds</c>.
    /// </summary>
    /// <param name="data">At least one byte: descriptors travel with data.</param>
    /// <param name="descriptors">Up to <see cref="DescriptorsMax"/>.</param>
    /// <returns>The data bytes sent; the descriptors went with the first.</returns>
    /// <exception cref="PlatformNotSupportedException">Not a Unix socket of a Linux host network.</exception>
    public int SendDescriptors(ReadOnlySpan<byte> data, ReadOnlySpan<SafeHandle> descriptors)
    {
        CheckDescriptors(data.Length, descriptors.Length);
        SocketDeadline deadline = Begin();
        while (true)
        {
            ThrowIfConnection();
            SocketError error = SendDescriptorsOnce(data, descriptors, out int count);
            if (error == SocketError.Success)
                return count;
            ThrowUnlessWaiting(error, deadline, "send descriptors to");
            Wait(SocketEvents.Writable, deadline, "send descriptors to");
        }
    }

    /// <inheritdoc cref="SendDescriptors"/>
    public async ValueTask<int> SendDescriptorsAsync(
        ReadOnlyMemory<byte> data, ReadOnlyMemory<SafeHandle> descriptors, CancellationToken cancellationToken = default)
    {
        CheckDescriptors(data.Length, descriptors.Length);
        cancellationToken.ThrowIfCancellationRequested();
        SocketDeadline deadline = Begin();
        while (true)
        {
            ThrowIfConnection();
            uint epoch = EpochCore(SocketEvents.Writable);
            SocketError error = SendDescriptorsOnce(data.Span, descriptors.Span, out int count);
            if (error == SocketError.Success)
                return count;
            ThrowUnlessWaiting(error, deadline, "send descriptors to");
            if (!await WaitAsync(SocketEvents.Writable, epoch, deadline, cancellationToken).ConfigureAwait(false))
                throw TimedOut(deadline, "send descriptors to");
        }
    }

    /// <summary>Receives data and the descriptors that came with it. Python's <c>recv_fds</c>.</summary>
    /// <param name="buffer">Takes the data; at least one byte.</param>
    /// <param name="max">The most descriptors to take, up to <see cref="DescriptorsMax"/>; the kernel closes what is over.</param>
    /// <exception cref="PlatformNotSupportedException">Not a Unix socket of a Linux host network.</exception>
    public DescriptorResult ReceiveDescriptors(Span<byte> buffer, int max)
    {
        CheckDescriptors(buffer.Length, max);
        SocketDeadline deadline = Begin();
        while (true)
        {
            ThrowIfConnection();
            SocketError error = ReceiveDescriptorsOnce(buffer, max, out DescriptorResult result);
            if (error == SocketError.Success)
                return result;
            ThrowUnlessWaiting(error, deadline, "receive descriptors from");
            Wait(SocketEvents.Readable, deadline, "receive descriptors from");
        }
    }

    /// <inheritdoc cref="ReceiveDescriptors"/>
    public async ValueTask<DescriptorResult> ReceiveDescriptorsAsync(Memory<byte> buffer, int max, CancellationToken cancellationToken = default)
    {
        CheckDescriptors(buffer.Length, max);
        cancellationToken.ThrowIfCancellationRequested();
        SocketDeadline deadline = Begin();
        while (true)
        {
            ThrowIfConnection();
            uint epoch = EpochCore(SocketEvents.Readable);
            SocketError error = ReceiveDescriptorsOnce(buffer.Span, max, out DescriptorResult result);
            if (error == SocketError.Success)
                return result;
            ThrowUnlessWaiting(error, deadline, "receive descriptors from");
            if (!await WaitAsync(SocketEvents.Readable, epoch, deadline, cancellationToken).ConfigureAwait(false))
                throw TimedOut(deadline, "receive descriptors from");
        }
    }

    private SocketError SendDescriptorsOnce(ReadOnlySpan<byte> data, ReadOnlySpan<SafeHandle> descriptors, out int count)
    {
        using ReservedPlace place = ReservePlace();
        SocketError error;
        try
        {
            error = TrySendDescriptorsCore(data, descriptors, out count);
        }
        catch (ObjectDisposedException) when (IsClosed)
        {
            // Not one of the descriptors: that is the caller's mistake.
            (error, count) = (SocketError.OperationAborted, default);
        }

        return Sent(place, error, count, data[..count], remote: null);
    }

    private SocketError ReceiveDescriptorsOnce(Span<byte> buffer, int max, out DescriptorResult result)
    {
        SocketError error = Once(static (socket, buffer, max, out result) => socket.TryReceiveDescriptorsCore(buffer, max, out result), buffer, max, out result);
        return Received(error, result.Count, SocketFlags.None, buffer[..result.Count], remote: null, mayEnd: result.Descriptors is not { Count: > 0 });
    }

    private static void CheckDescriptors(int dataLength, int count)
    {
        if (dataLength == 0)
            throw new ArgumentException("Descriptors travel with data: give at least one byte.", nameof(dataLength));
        if (count is < 0 or > DescriptorsMax)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"One call passes at most {DescriptorsMax} descriptors.");
    }
}
