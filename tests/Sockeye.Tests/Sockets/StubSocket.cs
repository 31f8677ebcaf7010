using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Sockets;

/// <summary>A stream socket of which a test says what it does. By itself it never has bytes, takes all that is sent, and is told what is ready.</summary>
internal class StubSocket(Network network) : NetworkSocket(network, AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
{
    public SocketReadiness Readiness { get; } = new(inline: true);

    protected internal override EndPoint? LocalEndPointCore => null;

    protected internal override EndPoint? RemoteEndPointCore => null;

    protected internal override SocketError TryReceiveCore(Span<byte> buffer, SocketFlags flags, out int count)
    {
        count = 0;
        return SocketError.WouldBlock;
    }

    protected internal override SocketError TryReceiveFromCore(Span<byte> buffer, SocketFlags flags, SocketAddress? from, out DatagramResult result)
    {
        SocketError error = TryReceiveCore(buffer, flags, out int count);
        result = new DatagramResult(count, Truncated: false);
        return error;
    }

    protected internal override SocketError TrySendCore(ReadOnlySpan<byte> buffer, SocketFlags flags, out int count)
    {
        count = buffer.Length;
        return SocketError.Success;
    }

    protected internal override SocketError TrySendToCore(ReadOnlySpan<byte> buffer, SocketFlags flags, SocketAddress to, out int count) =>
        TrySendCore(buffer, flags, out count);

    protected internal override SocketError BindCore(EndPoint local) => SocketError.Success;

    protected internal override SocketError ListenCore(int backlog) => SocketError.Success;

    protected internal override SocketError TryAcceptCore(out NetworkSocket? socket)
    {
        socket = null;
        return SocketError.WouldBlock;
    }

    protected internal override SocketError TryConnectCore(EndPoint remote) => SocketError.InProgress;

    protected internal override SocketError TakeErrorCore() => SocketError.Success;

    protected internal override SocketEvents PollCore(SocketEvents events) => events;

    protected internal override bool WaitCore(SocketEvents events, TimeSpan? timeout) => true;

    protected internal override uint EpochCore(SocketEvents events) => Readiness.Epoch(events);

    protected internal override ValueTask<bool> WaitCoreAsync(SocketEvents events, uint epoch, TimeSpan? timeout, CancellationToken cancellationToken) =>
        Readiness.WaitAsync(events, epoch, timeout, Network.TimeProvider, cancellationToken);

    protected internal override void SignalCore(SocketEvents events) => Readiness.Signal(events);

    protected internal override SocketError ShutdownCore(SocketShutdown how) => SocketError.Success;

    protected internal override void CloseCore(bool reset) => Readiness.Close();

    protected internal override SocketError GetOptionCore(SocketOptionLevel level, SocketOptionName name, out int value)
    {
        value = 0;
        return SocketError.Success;
    }

    protected internal override SocketError SetOptionCore(SocketOptionLevel level, SocketOptionName name, int value) => SocketError.Success;
}
