using System.Net;
using Sockeye.Cli.Tracing;

namespace Sockeye.Cli.Tests.Tracing;

public class ClosingTests
{
    [Theory]
    [InlineData("us peer", TcpState.Established, TcpState.FinWait2, "Us")]
    [InlineData("us peer", TcpState.Established, TcpState.Closed, "Us")]
    [InlineData("us peer", TcpState.Unknown, TcpState.FinWait1, "Us")]
    [InlineData("us peer", TcpState.Unknown, TcpState.Closed, "Unknown")]
    [InlineData("us peer", TcpState.CloseWait, TcpState.LastAck, "Peer")]
    [InlineData("us peer", TcpState.CloseWait, TcpState.Closed, "Peer")]
    [InlineData("us peer", TcpState.Unknown, TcpState.LastAck, "Peer")]
    [InlineData("us peer", TcpState.Established, TcpState.Closing, "Both")]
    [InlineData("peer us", TcpState.Unknown, TcpState.Unknown, "Peer")]
    [InlineData("us", TcpState.Established, TcpState.FinWait2, "Us")]
    [InlineData("peer", TcpState.Unknown, TcpState.Unknown, "Peer")]
    [InlineData("", TcpState.Unknown, TcpState.Unknown, "Nobody")]
    public void States_say_who_began(string ends, TcpState before, TcpState after, string began)
    {
        bool[] order = [.. ends.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(end => end == "peer")];
        Assert.Equal(began, $"{Closing.Of(order, (before, after), []).Began}");
    }

    [Fact]
    public void Segments_know_better()
    {
        // Our program noticed its own end first, and the peer's FIN had come before.
        CapturedPacket theirs = Fin(isFromRemote: true, sequence: 7, acknowledgment: 3, length: 2), ours = Fin(isFromRemote: false, sequence: 3, acknowledgment: 10, length: 0);
        Assert.Equal(ClosingSide.Peer, Closing.Of([false, true], (TcpState.Established, TcpState.Closed), [theirs, ours]).Began);
        Assert.Equal(ClosingSide.Us, Closing.Of([true, false], default, [Fin(isFromRemote: false, 3, 7, 0), Fin(isFromRemote: true, 7, 4, 0)]).Began);
    }

    [Fact]
    public void FINs_that_do_not_know_of_each_other_have_crossed()
    {
        CapturedPacket ours = Fin(isFromRemote: false, sequence: 3, acknowledgment: 7, length: 0), theirs = Fin(isFromRemote: true, sequence: 7, acknowledgment: 3, length: 0);
        Closing closing = Closing.Of([false, true], default, [ours, theirs]);
        Assert.Equal(ClosingSide.Both, closing.Began);
        Assert.Contains("crossed", closing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_steps_are_told_as_far_as_they_came()
    {
        Assert.Equal("we began: FIN ->, <- ACK, <- FIN, ACK ->; TIME-WAIT stays on this side", Closing.Of([false, true], (TcpState.Established, TcpState.FinWait2), []).Message);
        Assert.Contains("two steps of four", Closing.Of([false], (TcpState.Established, TcpState.FinWait2), []).Message, StringComparison.Ordinal);
        Assert.Equal("the peer began: <- FIN, ACK ->, FIN ->, <- ACK; TIME-WAIT stays on the peer's side", Closing.Of([true, false], default, []).Message);
    }

    private static CapturedPacket Fin(bool isFromRemote, uint sequence, uint acknowledgment, int length) => new()
    {
        Time = DateTimeOffset.UnixEpoch,
        Bytes = Array.Empty<byte>(),
        Source = new IPEndPoint(IPAddress.Loopback, 1),
        Destination = new IPEndPoint(IPAddress.Loopback, 2),
        IsFromRemote = isFromRemote,
        PayloadLength = length,
        Tcp = new TcpHeader { Flags = TcpFlags.Fin | TcpFlags.Ack },
        RelativeSequenceNumber = sequence,
        RelativeAcknowledgmentNumber = acknowledgment,
    };
}
