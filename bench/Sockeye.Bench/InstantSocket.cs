using System.Net;
using System.Net.Sockets;

namespace Sockeye.Bench;

/// <summary>A socket of a network that has taken and given before anybody asks. It can do nothing else.</summary>
internal sealed class InstantSocket(Network network) : NetworkSocket(network, AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
{
    protected override EndPoint? LocalEndPointCore => null;

    protected override EndPoint? RemoteEndPointCore => null;

    /// <summary>A send and a receive by the network's own calls.</summary>
    public void Exchange(byte[] buffer)
    {
        if (TrySendCore(buffer, SocketFlags.None, out int sent) != SocketError.Success || TryReceiveCore(buffer, SocketFlags.None, out int received) != SocketError.Success || sent != received)
            throw new InvalidOperationException("The network lost bytes.");
    }

    protected override SocketError TrySendCore(ReadOnlySpan<byte> buffer, SocketFlags flags, out int count)
    {
        count = buffer.Length;
        return SocketError.Success;
    }

    protected override SocketError TryReceiveCore(Span<byte> buffer, SocketFlags flags, out int count)
    {
        count = buffer.Length;
        return SocketError.Success;
    }

    protected override SocketError TryReceiveFromCore(Span<byte> buffer, SocketFlags flags, SocketAddress? from, out DatagramResult result) => throw new NotSupportedException();

    protected override SocketError TrySendToCore(ReadOnlySpan<byte> buffer, SocketFlags flags, SocketAddress to, out int count) => throw new NotSupportedException();

    protected override SocketError BindCore(EndPoint local) => throw new NotSupportedException();

    protected override SocketError ListenCore(int backlog) => throw new NotSupportedException();

    protected override SocketError TryAcceptCore(out NetworkSocket? socket) => throw new NotSupportedException();

    protected override SocketError TryConnectCore(EndPoint remote) => throw new NotSupportedException();

    protected override SocketError TakeErrorCore() => throw new NotSupportedException();

    protected override SocketEvents PollCore(SocketEvents events) => events;

    protected override bool WaitCore(SocketEvents events, TimeSpan? timeout) => throw new NotSupportedException();

    protected override uint EpochCore(SocketEvents events) => throw new NotSupportedException();

    protected override ValueTask<bool> WaitCoreAsync(SocketEvents events, uint epoch, TimeSpan? timeout, CancellationToken cancellationToken) => throw new NotSupportedException();

    protected override void SignalCore(SocketEvents events)
    {
    }

    protected override SocketError ShutdownCore(SocketShutdown how) => throw new NotSupportedException();

    protected override void CloseCore(bool reset)
    {
    }

    protected override SocketError GetOptionCore(SocketOptionLevel level, SocketOptionName name, out int value) => throw new NotSupportedException();

    protected override SocketError SetOptionCore(SocketOptionLevel level, SocketOptionName name, int value) => throw new NotSupportedException();
}
