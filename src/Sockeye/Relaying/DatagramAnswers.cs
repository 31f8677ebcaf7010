using System.Buffers;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>What a target answers to one sender. A session that waits holds no buffer.</summary>
internal sealed class DatagramAnswers(DatagramRelay relay, DatagramSocket clients, DatagramSession session)
{
    private readonly NetworkSocket _target = session.Target.Socket!;

    /// <summary>Passes back what comes until the socket is closed. Throws nothing.</summary>
    public async Task PassBackAsync()
    {
        try
        {
            while (!_target.IsClosed)
            {
                uint epoch = _target.EpochCore(SocketEvents.Readable);
                await PassBackWhatIsThereAsync().ConfigureAwait(false);
                await _target.WaitCoreAsync(SocketEvents.Readable, epoch, timeout: null, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed: the session has ended.
        }
    }

    private async ValueTask PassBackWhatIsThereAsync()
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(DatagramPassing.DatagramSizeMax + 1);
        try
        {
            while (!_target.IsClosed)
            {
                SocketError error = _target.ReceiveFromOnce(buffer.AsSpan(0, DatagramPassing.DatagramSizeMax + 1), SocketFlags.None, from: null, out DatagramResult received);
                if (error is SocketError.WouldBlock or SocketError.OperationAborted)
                    return;
                if (error == SocketError.Success)
                    await PassBackAsync(buffer, received).ConfigureAwait(false);
                else
                    relay.Lost(session, _target.Failure(error, "relay to"));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask PassBackAsync(byte[] buffer, DatagramResult received)
    {
        relay.Touch(session);
        if (session.Down is { } faults)
            await faults.PassAsync(buffer, received).ConfigureAwait(false);
        else
            await SendBackAsync(buffer, received).ConfigureAwait(false);
    }

    /// <summary>Sends one to the sender. What fails is told to the relay.</summary>
    public async ValueTask SendBackAsync(byte[] buffer, DatagramResult received)
    {
        try
        {
            if (session.RemoteEndPoint is null)
                throw new ProtocolException("an answer came for a sender without a name: it has to bind its socket to hear one");
            await DatagramPassing.SendAsync(clients, buffer, received, session.From, CancellationToken.None).ConfigureAwait(false);
            session.CountSent(received.Count);
        }
        catch (Exception e) when (e is SocketException or ProtocolException or ObjectDisposedException)
        {
            relay.Lost(session, e);
        }
    }
}
