namespace Sockeye.Cli.Tracing;

/// <summary>Who began to close a TCP connection, and what is left of it (RFC 9293, section 3.6).</summary>
/// <param name="Began">Who sent the first FIN; both: they crossed.</param>
/// <param name="Message">The four steps as far as they came, and what stays behind, for people.</param>
internal sealed record Closing(ClosingSide Began, string Message)
{
    /// <summary>From what is known: the segments, if they were seen, know best; then the kernel's states around our own end; then the order of the two ends.</summary>
    /// <param name="ends">Who has ended, in the order in which it was noticed: true is the peer.</param>
    /// <param name="ourEnd">The connection's state before and after our end.</param>
    /// <param name="segments">The segments with FIN, in the order in which they were seen.</param>
    public static Closing Of(IReadOnlyList<bool> ends, (TcpState Before, TcpState After) ourEnd, IReadOnlyList<CapturedPacket> segments)
    {
        bool weEnded = ends.Contains(false), peerEnded = ends.Contains(true);
        ClosingSide began = OfSegments(segments) ?? (weEnded, peerEnded) switch
        {
            (false, false) => ClosingSide.Nobody,
            (true, false) => ClosingSide.Us,
            (false, true) => ClosingSide.Peer,
            _ => OfStates(ourEnd) ?? (ends[0] ? ClosingSide.Peer : ClosingSide.Unknown),
        };
        return new Closing(began, Describe(began, weEnded, peerEnded));
    }

    private static ClosingSide? OfSegments(IReadOnlyList<CapturedPacket> segments)
    {
        if (segments.Count == 0)
            return null;

        // The second FIN acknowledges the first, which takes one number behind its data, unless they crossed.
        if (segments is [{ RelativeSequenceNumber: { } first } one, { RelativeAcknowledgmentNumber: { } acknowledged }, ..] && acknowledged <= first + (uint)one.PayloadLength)
            return ClosingSide.Both;
        return segments[0].IsFromRemote ? ClosingSide.Peer : ClosingSide.Us;
    }

    private static ClosingSide? OfStates((TcpState Before, TcpState After) ourEnd) => ourEnd switch
    {
        (_, TcpState.Closing) => ClosingSide.Both,
        (TcpState.CloseWait, _) or (_, TcpState.LastAck) => ClosingSide.Peer,
        (_, TcpState.FinWait1 or TcpState.FinWait2) or (TcpState.Established, _) => ClosingSide.Us,
        _ => null,
    };

    private static string Describe(ClosingSide began, bool weEnded, bool peerEnded) => (began, weEnded, peerEnded) switch
    {
        (ClosingSide.Us, _, true) => "we began: FIN ->, <- ACK, <- FIN, ACK ->; TIME-WAIT stays on this side",
        (ClosingSide.Us, _, false) => "we began: FIN ->, <- ACK, and the peer has not ended its side: two steps of four; FIN-WAIT-2 stays on this side for a while",
        (ClosingSide.Peer, true, _) => "the peer began: <- FIN, ACK ->, FIN ->, <- ACK; TIME-WAIT stays on the peer's side",
        (ClosingSide.Peer, false, _) => "the peer began: <- FIN, ACK ->, and we have not ended our side: two steps of four",
        (ClosingSide.Both, _, _) => "both began at once: the FINs crossed; TIME-WAIT stays on both sides",
        (ClosingSide.Unknown, _, _) => "both have ended, too close to each other to tell who began: the segments would say it",
        _ => "nobody has ended",
    };
}
