using Sockeye.Hub.Watching;

namespace Sockeye.Hub.Gateways.Udp;

/// <content>The client's datagrams as they are looked at and watched.</content>
internal sealed partial class UdpClient : IWired
{
    private readonly long _since;
    private WireTap? _tap;
    private long _receivedBytes;
    private long _sentBytes;

    public WireTap Tap
    {
        get
        {
            if (Volatile.Read(ref _tap) is null)
                Interlocked.CompareExchange(ref _tap, new WireTap(_door.Time, _since), null);
            return _tap!;
        }
    }

    public WireFacts Look()
    {
        lock (_lock)
        {
            int messages = _outgoing.Count + _pending.News.Lines;
            long bytes = _outgoing.Sum(datagram => (long)datagram.Length) + _pending.News.Bytes;
            return new WireFacts(Address.ToString(), null, _door.Time.GetElapsedTime(_since), _receivedBytes, Interlocked.Read(ref _sentBytes), null, messages, bytes);
        }
    }

    private void OnReceived(UdpRequest request)
    {
        _receivedBytes += request.Bytes;
        if (Volatile.Read(ref _tap) is not { IsWatched: true } tap)
            return;
        tap.Received(request.Bytes);
        tap.Frame(request.Bytes, ShownOf(request));
    }

    private static WireText ShownOf(UdpRequest request) => request.Kind switch
    {
        UdpRequestKind.Message => WireText.OfLine(request.Text.StartsWith('/') ? "/" + request.Text : request.Text, isSecret: false),
        UdpRequestKind.ToOne => WireText.OfLine($"@{request.Name} {request.Text}", isSecret: false),
        UdpRequestKind.Command => WireText.OfLine($"/{request.Name} {request.Text}", isSecret: false),
        _ => WireText.Hidden,
    };

    private void OnSent(byte[] datagram)
    {
        Interlocked.Add(ref _sentBytes, datagram.Length);
        Volatile.Read(ref _tap)?.Sent(datagram);
    }
}
