using System.Net;
using System.Text;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Watching;

namespace Sockeye.Hub.Gateways.Udp;

/// <summary>
/// One address that has said who it is. Its datagrams are acted on one after the other, each when the one before it is answered; each gets exactly one answer.
/// Nothing waits: what the chat answers goes on with it.
/// </summary>
internal sealed partial class UdpClient : IChatClient
{
    private readonly Lock _lock = new();
    private readonly UdpDoor _door;
    private readonly UdpPending _pending;
    private readonly Queue<UdpRequest> _waiting = [];
    private readonly Queue<byte[]> _outgoing = [];

    /// <summary>What was said before has no number of this session.</summary>
    private readonly DateTimeOffset _numbersSince;
    private long _heardAt;
    private int _waitingBytes;
    private TokenBucket _heard;
    private bool _isListening;
    private bool _isPumping;

    /// <summary>The loop is at work on it: what it is sent goes when all of that is done, so that whoever has a receipt has been heard by all others.</summary>
    private bool _isBeingShown;
    private bool _hasLeft;
    private bool _hasEnded;
    private string? _closing;

    public UdpClient(UdpDoor door, IPEndPoint address)
    {
        (_door, Address, Origin, Host) = (door, address, address.Address.ToString(), AddressKeys.HostOf(address));
        _pending = new UdpPending(door.Limits);
        _heardAt = _since = door.Time.GetTimestamp();
        _day = door.Day;
        DateTimeOffset since = door.Time.GetUtcNow() - door.Limits.RepeatWindow;
        if (door.Clients.GoodByeOf(address) is { } goodBye && goodBye > since)
            since = goodBye;

        // As the store keeps times: to the millisecond.
        _numbersSince = DateTimeOffset.FromUnixTimeMilliseconds(since.ToUnixTimeMilliseconds());
    }

    public string Door => "udp";

    public string Origin { get; }

    public string Host { get; }

    public bool IsPersonal => false;

    public IPEndPoint Address { get; }

    /// <summary>Who it is; null before it has a name.</summary>
    public Member? Member { get; private set; }

    /// <summary>Of how many conversations its place is kept.</summary>
    public int Conversations => _conversations.Count;

    private TimeSpan Silence => _door.Time.GetElapsedTime(Volatile.Read(ref _heardAt));

    /// <summary>Takes the first datagram: the one that says who it is.</summary>
    public void Begin(UdpRequest request)
    {
        lock (_lock)
        {
            if (!_door.Loop.TryAsk(new ChatInput.Arrive(this)))
            {
                Answer(request, UdpTexts.Busy);
                End();
            }
            else
            {
                OnReceived(request);
                Enqueue(request);
            }
        }

        Pump();
    }

    /// <summary>Takes a datagram.</summary>
    /// <returns>False: this client is gone, and its address a stranger's again.</returns>
    public bool TryReceive(UdpRequest request)
    {
        lock (_lock)
        {
            if (_hasEnded)
                return false;
            Volatile.Write(ref _heardAt, _door.Time.GetTimestamp());
            OnReceived(request);
            UdpLimits limits = _door.Limits;
            if (_outgoing.Count >= limits.OutgoingMax)
                return true;
            if (_closing is { } why)
                Answer(request, $"! {why}");
            else if (!_heard.TryTake(_door.ChatLimits.PerClient, _door.Time.GetUtcNow()))
                Answer(request, UdpTexts.TooFast);
            else if (_waiting.Count >= limits.WaitingMax || _waitingBytes + request.Bytes > limits.WaitingBytesMax)
                Answer(request, UdpTexts.TooManyWait);
            else
                Enqueue(request);
        }

        Pump();
        return true;
    }

    /// <summary>Looks whether it is still there, and notes what it has been given.</summary>
    public void Sweep()
    {
        lock (_lock)
        {
            if (_hasEnded || _awaited != Awaited.Nothing)
                return;
            if (Silence < _door.Limits.IdleTimeout)
            {
                MarkRead();
                return;
            }

            Tell(UdpTexts.Idle(_door.Limits.IdleTimeout));
            End();
        }

        Pump();
    }

    public void Flush()
    {
        lock (_lock)
            _isBeingShown = false;
        Pump();
    }

    /// <summary>
    /// Lets another port of the same host have the name, if this one has been silent: its program has ended, and the one started after it has a new port.
    /// </summary>
    private bool TryGiveWay()
    {
        lock (_lock)
        {
            if (_hasEnded)
                return true;
            if (_awaited != Awaited.Nothing || Silence < _door.Limits.TakeoverSilence)
                return false;
            End();
        }

        Pump();
        return true;
    }

    private void Enqueue(UdpRequest request)
    {
        _waiting.Enqueue(request);
        _waitingBytes += request.Bytes;
        Advance();
    }

    /// <summary>Goes on with the next datagram, unless one is still to be answered.</summary>
    private void Advance()
    {
        while (_awaited == Awaited.Nothing && _waiting.TryDequeue(out UdpRequest request))
        {
            _waitingBytes -= request.Bytes;
            if (_hasEnded)
                Answer(request, UdpTexts.Unknown);
            else if (_closing is { } why)
                Answer(request, $"! {why}");
            else
                Handle(request);
        }

        if (_closing is not null && _awaited == Awaited.Nothing)
            End();
    }

    /// <summary>Answers a datagram: with one.</summary>
    private void Answer(UdpRequest request, params ReadOnlySpan<string> lines)
    {
        List<byte[]> pieces = [];
        foreach (string line in lines)
            pieces.AddRange(UdpPieces.Of(line, _door.Limits.PieceBytesMax));
        byte[] first = request.Number is { } number ? [.. Encoding.UTF8.GetBytes($"#{number} "), .. pieces[0]] : pieces[0];
        _pending.SetAnswer(pieces.Skip(1));
        _outgoing.Enqueue(_pending.TakeDatagram(first, saysMore: !_isListening));
    }

    /// <summary>Sends with the next datagram what is left of an answer, and what is new.</summary>
    private void AnswerMore(UdpRequest request)
    {
        if (_pending.IsEmpty)
            Answer(request, UdpTexts.NothingNew);
        else
            _outgoing.Enqueue(_pending.TakeDatagram(Encoding.UTF8.GetBytes(request.Number is { } number ? $"#{number} {UdpTexts.More}\n" : ""), saysMore: !_isListening));
    }

    /// <summary>Adds a line that is not an answer.</summary>
    private void Tell(string line) => _pending.AddLine(UdpPieces.Of(line, _door.Limits.PieceBytesMax));

    /// <summary>It is gone: for the chat, and for the door. What waits to be sent to it still is.</summary>
    private void End()
    {
        if (_hasEnded)
            return;
        MarkRead();
        _hasEnded = true;
        Volatile.Read(ref _tap)?.Happened(WireEventKind.Closed);
        _door.Loop.Tell(new ChatInput.Depart(this));
        _door.Clients.Remove(this);
    }

    private void Pump()
    {
        lock (_lock)
        {
            if (_isPumping)
                return;
            _isPumping = true;
        }

        _ = PumpAsync();
    }

    /// <summary>Sends answers in their order; and to who listens, what is new.</summary>
    private async Task PumpAsync()
    {
        while (TryTake(out byte[] datagram))
        {
            await _door.SendAsync(datagram, Address).ConfigureAwait(false);
            OnSent(datagram);
        }
    }

    private bool TryTake(out byte[] datagram)
    {
        lock (_lock)
        {
            if (_isBeingShown)
                datagram = [];
            else if (_outgoing.TryDequeue(out byte[]? answer))
                datagram = answer;
            else if (_isListening && !_pending.IsEmpty)
                datagram = _pending.TakeDatagram([], saysMore: false);
            else
                datagram = [];
            _isPumping = datagram.Length > 0;
            if (!_isPumping && _hasEnded && !_isBeingShown && !_hasLeft)
            {
                _hasLeft = true;
                _door.Clients.Left();
            }

            return _isPumping;
        }
    }
}
