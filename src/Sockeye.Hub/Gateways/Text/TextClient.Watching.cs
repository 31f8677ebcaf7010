using System.Net;
using System.Net.Sockets;
using System.Text;
using Sockeye.Hub.Watching;

namespace Sockeye.Hub.Gateways.Text;

/// <content>The connection as it is looked at and watched. Nobody watching costs a null reference.</content>
internal sealed partial class TextClient : IWired
{
    private readonly long _since;
    private WireTap? _tap;

    public WireTap Tap
    {
        get
        {
            if (Volatile.Read(ref _tap) is null)
                Interlocked.CompareExchange(ref _tap, new WireTap(_door.Time, _since, _connection), null);
            return _tap!;
        }
    }

    public WireFacts Look()
    {
        (int messages, int bytes) = _outbox.Waiting;
        return new WireFacts(PeerName(), _door.Time.GetElapsedTime(_since), _connection.BytesReceived, _connection.BytesSent, RoundTrip(), messages, bytes);
    }

    private void ShowOnWire(string line)
    {
        if (Volatile.Read(ref _tap) is { IsWatched: true } tap)
            tap.Frame(Encoding.UTF8.GetByteCount(line), WireText.OfLine(line, isSecret: false));
    }

    private string PeerName()
    {
        if (!IsOnUnixSocket)
            return _connection.RemoteEndPoint is IPEndPoint ip ? ip.ToString() : Origin;
        try
        {
            return _connection.Socket is { IsClosed: false } socket ? $"unix, process {socket.PeerCredentials.ProcessId}" : "unix";
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or PlatformNotSupportedException)
        {
            return "unix";
        }
    }

    private TimeSpan? RoundTrip()
    {
        if (IsOnUnixSocket || _connection.Socket is not { IsClosed: false } socket)
            return null;
        try
        {
            return socket.GetTcpInfo().RoundTripTime;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or PlatformNotSupportedException)
        {
            return null;
        }
    }
}
