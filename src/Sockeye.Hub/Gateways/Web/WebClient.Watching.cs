using Sockeye.Hub.Domain;
using Sockeye.Hub.Watching;

namespace Sockeye.Hub.Gateways.Web;

/// <content>The wire: this page's own connection as others see it, and what this page sees of others.</content>
internal sealed partial class WebClient : IWired
{
    private readonly Lock _watching = new();
    private readonly long _since;
    private WireTap? _tap;
    private WireWatch? _watch;
    private WireRecord? _record;
    private bool _hasDeparted;
    private long _receivedBytes;

    public WireTap Tap
    {
        get
        {
            if (Volatile.Read(ref _tap) is null)
                Interlocked.CompareExchange(ref _tap, new WireTap(_time, _since), null);
            return _tap!;
        }
    }

    public WireFacts Look()
    {
        (int messages, long bytes) = _outbox.Waiting;
        return new WireFacts(_peer.From, "WebSocket", _time.GetElapsedTime(_since), Interlocked.Read(ref _receivedBytes), _outbox.SentBytes, _peer.Kernel, messages, bytes);
    }

    /// <summary>The page's own questions about the wire are not shown on the wire: they would be all there is to see.</summary>
    private void OnReceived(ChatInput.FromClient? input, ReadOnlyMemory<byte> message)
    {
        if (Volatile.Read(ref _tap) is not { IsWatched: true } tap || input is ChatInput.ListClients)
            return;
        tap.Received(message.Length);
        tap.Frame(message.Length, input is null ? WireText.Hidden : WireText.Of(input, message.Span));
    }

    private void OnSent(ReadOnlyMemory<byte> message) => Volatile.Read(ref _tap)?.Sent(message.Span);

    private void OnClosed() => Volatile.Read(ref _tap)?.Happened(WireEventKind.Closed);

    private void ShowClients(ChatEvent.Clients clients)
    {
        if (clients.Number is not { } number)
        {
            _outbox.TryAddOfWire(WireJson.Wires(clients, this));
            Volatile.Read(ref _record)?.Sample();
            return;
        }

        StopWatching();
        if (clients.List is [{ Client: IWired wired } view])
            Watch(number, view.Client, wired, view.IsOwn);
        else if (number != WebCommands.NoClient)
            _outbox.TryAddOfWire(WireJson.Gone(number));
    }

    private void Watch(long number, IChatClient client, IWired wired, bool isOwn)
    {
        WireRecord record;
        lock (_watching)
        {
            if (_hasDeparted)
                return;
            record = _record = new WireRecord(_door.Records, number, client.Door, wired, Origin, _time);
            _watch = new WireWatch(wired.Tap, isOwn, _time, (events, notShown) => ShowWire(WireJson.Wire(number, record.Add(events, notShown > 0), events, notShown)));
        }

        _outbox.TryAddOfWire(WireJson.Watched(number, wired.Look().Age, record.Key));
    }

    private bool ShowWire(byte[] message)
    {
        if (!_outbox.TryAddOfWire(message))
            return false;
        _outbox.Flush();
        return true;
    }

    private void StopWatching(bool forGood = false)
    {
        lock (_watching)
        {
            _hasDeparted |= forGood;
            _watch?.Dispose();
            _watch = null;
            _record?.Dispose();
            _record = null;
        }
    }
}
