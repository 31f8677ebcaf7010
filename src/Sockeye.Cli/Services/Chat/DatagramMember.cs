using System.Net;
using System.Net.Sockets;

namespace Sockeye.Cli.Services.Chat;

/// <summary>A member that is known by the datagrams it sends. It is told things until it has been silent for long.</summary>
internal sealed class DatagramMember(DatagramSocket socket, SocketAddress address, TimeSpan idleTimeout, Action<DatagramMember> putOut) : ChatMember
{
    private long _heardAt = socket.TimeProvider.GetTimestamp();

    public DatagramSocket Socket => socket;

    public SocketAddress Address => address;

    /// <summary>Its address as text.</summary>
    public string Name => Sockeye.Address.FromEndPoint(EndPoints.Unmap(EndPoints.FromAddress(address)), SocketType.Dgram).ToString();

    /// <summary>Whether it has been silent for so long that it must have gone.</summary>
    public bool IsSilent => socket.TimeProvider.GetElapsedTime(Volatile.Read(ref _heardAt)) >= idleTimeout;

    public void Heard() => Volatile.Write(ref _heardAt, socket.TimeProvider.GetTimestamp());

    public override bool Deliver(ReadOnlyMemory<byte> message)
    {
        if (IsSilent)
            return false;
        ValueTask sending = socket.SendNowAsync(message, address, CancellationToken.None);
        if (!sending.IsCompleted)
        {
            _ = ForgetAsync(sending);
            return true;
        }

        return !sending.IsFaulted || !IsGone(sending);
    }

    public override void PutOut() => putOut(this);

    /// <summary>Whether the receiver is there no more. Anything else that keeps a datagram from going loses just that one.</summary>
    private static bool IsGone(ValueTask sending)
    {
        try
        {
            sending.GetAwaiter().GetResult();
            return false;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.AddressNotAvailable;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    private static async Task ForgetAsync(ValueTask sending)
    {
        try
        {
            await sending;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // A datagram is lost: the next tells whether the receiver is still there.
        }
    }
}
