using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Sockeye.Hub.Domain;
using Sockeye.Hub.Gateways.Udp;

namespace Sockeye.Hub.Tests.Gateways.Udp;

/// <summary>What waits for a client.</summary>
public class UdpPendingTests
{
    private static readonly Config Quiet = Config.QuickThrowOnFailure.WithQuietOnSuccess(true);
    private static readonly UdpLimits Limits = new();
    private static readonly Conversation Lobby = new(new ConversationId(1), "lobby");

    [Fact]
    public void Lines_come_out_once_in_order_in_datagrams_that_are_not_too_long() =>
        Prop.ForAll(Gen.Choose(1, 990).ListOf().ToArbitrary(), Gen.Elements(true, false).ToArbitrary(), (lengths, saysMore) =>
        {
            UdpPending pending = new(Limits);
            string[] lines = [.. lengths.Take(30).Select((length, i) => $"{i} {new string('x', length)}")];
            for (int i = 0; i < lines.Length; i++)
                pending.Add(MessageOf(i + 1), [Bytes(lines[i])]);

            List<string> taken = [];
            while (!pending.IsEmpty)
            {
                byte[] datagram = pending.TakeDatagram(Bytes("ok 1 #lobby"), saysMore);
                Assert.InRange(datagram.Length, 1, Limits.DatagramBytesMax);
                string[] got = Lines(datagram);
                Assert.Equal("ok 1 #lobby", got[0]);
                Assert.Equal(saysMore && !pending.IsEmpty, got[^1] == $"… {pending.News.Lines} more: /more");
                taken.AddRange(got.Skip(1).Where(line => !line.StartsWith('…')));
            }

            Assert.Equal(lines, taken);
        }).Check(Quiet);

    [Fact]
    public void Beyond_the_bound_the_oldest_are_counted_and_the_latest_kept()
    {
        UdpPending pending = new(Limits);
        for (int i = 1; i <= Limits.PendingLinesMax + 7; i++)
            pending.Add(MessageOf(i), [Bytes($"{i}")]);

        Assert.Equal(Limits.PendingLinesMax, pending.News.Lines);
        Assert.Equal(8, pending.FirstWaiting(Lobby.Id));
        string[] got = Lines(pending.TakeDatagram([], saysMore: true));
        Assert.Equal(["… you missed 7 messages: /history shows the last", "8"], got[..2]);
        Assert.Equal($"{Limits.PendingLinesMax + 7}", got[^1]);
        Assert.True(pending.IsEmpty);
    }

    [Fact]
    public void Bytes_are_bounded_too_and_a_message_goes_with_all_of_its_pieces()
    {
        UdpPending pending = new(Limits);
        int messages = (Limits.PendingBytesMax / 3000) + 5;
        for (int i = 1; i <= messages; i++)
            pending.Add(MessageOf(i), UdpPieces.Of($"{i} {new string('x', 2990)}", Limits.PieceBytesMax));

        Assert.InRange(pending.News.Bytes, 1, Limits.PendingBytesMax);
        string first = Lines(pending.TakeDatagram([], saysMore: false))[1];
        long missed = long.Parse(first.Split(' ')[0]) - 1;
        Assert.InRange(missed, 5, messages - 1);
    }

    [Fact]
    public void Who_comes_and_goes_fills_nothing()
    {
        UdpPending pending = new(Limits);
        for (int i = 0; i < 1000; i++)
            pending.AddNotice([Bytes($"* {i}")]);

        Assert.Equal(Limits.NoticesMax, pending.News.Lines);
    }

    [Fact]
    public void What_is_left_of_an_answer_goes_before_what_is_new_and_is_gone_with_the_next_answer()
    {
        UdpPending pending = new(Limits);
        pending.Add(MessageOf(1), [Bytes("new")]);
        pending.SetAnswer([Bytes(new string('a', 990)), Bytes(new string('b', 990))]);

        Assert.Equal([new string('a', 990), "… 2 more: /more"], Lines(pending.TakeDatagram([], saysMore: true)));
        pending.SetAnswer([]);
        Assert.Equal(["new"], Lines(pending.TakeDatagram([], saysMore: true)));
    }

    [Fact]
    public void Of_an_answer_too_long_the_end_is_kept()
    {
        UdpPending pending = new(Limits);
        pending.SetAnswer(Enumerable.Range(0, 100).Select(i => Bytes($"{i} {new string('x', 980)}")));

        List<string> all = [];
        while (!pending.IsEmpty)
            all.AddRange(Lines(pending.TakeDatagram([], saysMore: false)));
        Assert.InRange(all.Sum(line => line.Length), Limits.PendingBytesMax / 2, Limits.PendingBytesMax);
        Assert.StartsWith("99 ", all[^1], StringComparison.Ordinal);
    }

    private static Message MessageOf(long number) => new(Lobby, number, new MemberId(1), "TOM", "hello", DateTimeOffset.UnixEpoch);

    private static byte[] Bytes(string line) => Encoding.UTF8.GetBytes(line + "\n");

    private static string[] Lines(byte[] datagram) => Encoding.UTF8.GetString(datagram).TrimEnd('\n').Split('\n');
}
