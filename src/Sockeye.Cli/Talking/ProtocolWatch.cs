using System.Net;
using System.Net.Sockets;

namespace Sockeye.Cli.Talking;

/// <summary>Keeps the first bytes of a plain connection's two directions, to say at its end that the peer speaks something else than was taken for granted.</summary>
internal sealed class ProtocolWatch(Address address) : SocketObserver
{
    private readonly Lock _lock = new();
    private readonly List<byte> _sent = [];
    private readonly List<byte> _received = [];
    private bool _hasPeerEnded;
    private bool _haveWeEnded;
    private bool _hasPeerEndedFirst;
    private bool _wasReset;

    public override void Sent(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote) => Keep(_sent, data);

    public override void Received(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote) => Keep(_received, data);

    public override void HalfClosed(NetworkSocket socket, bool byPeer)
    {
        _hasPeerEndedFirst |= byPeer && !_haveWeEnded;
        (_hasPeerEnded, _haveWeEnded) = (_hasPeerEnded | byPeer, _haveWeEnded | !byPeer);
    }

    public override void Reset(NetworkSocket socket) => _wasReset = true;

    /// <summary>The protocol that the peer gave itself away with, and what to try; null: nothing speaks for another.</summary>
    public string? FindOther()
    {
        lock (_lock)
        {
            // Whoever speaks TLS by hand knows what answers.
            if (!IsPlain || Guess(_sent)?.Protocol == "TLS" || Guess(_received) is not { Protocol: "TLS", Scheme: { } scheme } guess)
                return null;
            return $"{address} answered with {guess.Description}: that port speaks TLS; try {scheme}://{Place}";
        }
    }

    /// <summary>
    /// Whether the peer's silence is strange: it broke off what we had not ended, or did not answer a request. Whoever takes a file until its end
    /// and says nothing is as it should be.
    /// </summary>
    public bool IsSilenceStrange
    {
        get
        {
            lock (_lock)
                return _wasReset || _hasPeerEndedFirst || Guess(_sent)?.Protocol is "HTTP" or "WebSocket";
        }
    }

    /// <summary>What it may mean that the peer closed without a word; null: it did not.</summary>
    public string? ExplainSilence()
    {
        lock (_lock)
        {
            return IsPlain && (_hasPeerEnded || _wasReset) && _sent.Count > 0 && _received.Count == 0
                ? $"{address} {(_wasReset ? "reset the connection" : "closed")} without a word to what was sent: it may expect TLS (try tls://{Place}), or another protocol"
                : null;
        }
    }

    private bool IsPlain => address.Scheme is "tcp" or "tcp4" or "tcp6";

    private string Place => $"{(address.Host.Contains(':') ? $"[{address.Host}]" : address.Host)}:{address.Port}";

    private static ProtocolGuess? Guess(List<byte> bytes) => ProtocolGuess.Of(bytes.ToArray());

    private void Keep(List<byte> first, ReadOnlySpan<byte> data)
    {
        lock (_lock)
            first.AddRange(data[..Math.Min(data.Length, ProtocolGuess.BytesMax - first.Count)]);
    }
}
