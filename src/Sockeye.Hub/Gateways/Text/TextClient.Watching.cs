using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Sockeye.Eye.Recording;
using Sockeye.Hub.Watching;

namespace Sockeye.Hub.Gateways.Text;

/// <content>The connection as it is looked at and watched. Nobody watching costs a null reference.</content>
internal sealed partial class TextClient : IWired
{
    private WireTap? _tap;

    public WireTap Tap
    {
        get
        {
            if (Volatile.Read(ref _tap) is null)
                Interlocked.CompareExchange(ref _tap, new WireTap(_door.Time, _arrived, _connection), null);
            return _tap!;
        }
    }

    public WireFacts Look()
    {
        (int messages, int bytes) = _outbox.Waiting;
        return new WireFacts(PeerName(), LayerName(), _door.Time.GetElapsedTime(_arrived), _connection.BytesReceived, _connection.BytesSent, WireFacts.KernelOf(_connection.Socket), messages, bytes);
    }

    /// <summary>A line, before anything is done with it: while a password is asked for, nothing of it.</summary>
    private void ShowOnWire(string line)
    {
        if (Volatile.Read(ref _tap) is { IsWatched: true } tap)
            tap.Frame(Encoding.UTF8.GetByteCount(line), WireText.OfLine(line, isSecret: _prompt is not null));
    }

    private string PeerName()
    {
        try
        {
            if (_connection.RemoteEndPoint is IPEndPoint ip)
                return ip.ToString();
            return _connection.Socket is { IsClosed: false } socket ? $"unix, process {socket.PeerCredentials.ProcessId}" : "unix";
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or PlatformNotSupportedException)
        {
            return "unix";
        }
    }

    private string? LayerName()
    {
        try
        {
            return _connection.Layer<TlsConnection>() is { } tls ? EventText.Of(tls.Protocol) : null;
        }
        catch (ObjectDisposedException)
        {
            return EventText.Of(SslProtocols.None);
        }
    }
}
