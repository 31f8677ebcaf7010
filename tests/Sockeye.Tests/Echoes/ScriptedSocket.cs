using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Sockeye.Tests.Echoes;

/// <summary>Keeps what is sent, and receives what it is given.</summary>
internal sealed class ScriptedSocket(Network network, AddressFamily family, SocketType type, ProtocolType protocol) : NetworkSocket(network, family, type, protocol)
{
    private readonly ConcurrentQueue<(byte[] Packet, IPAddress From, SocketError Error)> _packets = [];
    private readonly SemaphoreSlim _given = new(0);

    /// <summary>What was sent, but for what no network takes.</summary>
    public List<byte[]> Sent { get; } = [];

    protected internal override EndPoint? LocalEndPointCore => null;

    protected internal override EndPoint? RemoteEndPointCore => null;

    public void Give(byte[] packet, IPAddress from) => Give((packet, from, SocketError.Success));

    public void Give(SocketError error) => Give(([], IPAddress.None, error));

    protected internal override SocketError TryReceiveFromCore(Span<byte> buffer, SocketFlags flags, SocketAddress? from, out DatagramResult result)
    {
        result = default;
        if (!_packets.TryDequeue(out (byte[] Packet, IPAddress From, SocketError Error) next))
            return SocketError.WouldBlock;
        if (next.Error != SocketError.Success)
            return next.Error;
        next.Packet.CopyTo(buffer);
        SocketAddress sender = new IPEndPoint(next.From, 0).Serialize();
        sender.Buffer[..sender.Size].CopyTo(from!.Buffer);
        from.Size = sender.Size;
        result = new DatagramResult(next.Packet.Length, Truncated: false);
        return SocketError.Success;
    }

    protected internal override SocketError TrySendToCore(ReadOnlySpan<byte> buffer, SocketFlags flags, SocketAddress to, out int count)
    {
        count = 0;
        if (buffer.Length > ushort.MaxValue)
            return SocketError.MessageSize;
        Sent.Add(buffer.ToArray());
        count = buffer.Length;
        return SocketError.Success;
    }

    protected internal override async ValueTask<bool> WaitCoreAsync(SocketEvents events, uint epoch, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        await _given.WaitAsync(cancellationToken);
        return true;
    }

    protected internal override SocketError GetOptionCore(SocketOptionLevel level, SocketOptionName name, out int value) => throw new NotSupportedException();

    protected internal override SocketError SetOptionCore(SocketOptionLevel level, SocketOptionName name, int value) => SocketError.Success;

    protected internal override SocketError BindCore(EndPoint local) => throw new NotSupportedException();

    protected internal override SocketError ListenCore(int backlog) => throw new NotSupportedException();

    protected internal override SocketError TryAcceptCore(out NetworkSocket? socket) => throw new NotSupportedException();

    protected internal override SocketError TryConnectCore(EndPoint remote) => throw new NotSupportedException();

    protected internal override SocketError TryReceiveCore(Span<byte> buffer, SocketFlags flags, out int count) => throw new NotSupportedException();

    protected internal override SocketError TrySendCore(ReadOnlySpan<byte> buffer, SocketFlags flags, out int count) => throw new NotSupportedException();

    protected internal override SocketError TakeErrorCore() => SocketError.Success;

    protected internal override SocketEvents PollCore(SocketEvents events) => SocketEvents.None;

    protected internal override bool WaitCore(SocketEvents events, TimeSpan? timeout) => throw new NotSupportedException();

    /// <summary>The semaphore closes the gap between a try and the wait that follows it.</summary>
    protected internal override uint EpochCore(SocketEvents events) => 0;

    protected internal override void SignalCore(SocketEvents events)
    {
    }

    protected internal override SocketError ShutdownCore(SocketShutdown how) => SocketError.Success;

    protected internal override void CloseCore(bool reset) => _given.Dispose();

    private void Give((byte[] Packet, IPAddress From, SocketError Error) next)
    {
        _packets.Enqueue(next);
        _given.Release();
    }
}
