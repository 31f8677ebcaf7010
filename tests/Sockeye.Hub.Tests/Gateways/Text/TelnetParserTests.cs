using Sockeye.Hub.Gateways.Text;

namespace Sockeye.Hub.Tests.Gateways.Text;

/// <summary>Telnet's options as RFC 854, 855 and 1143 have them.</summary>
public class TelnetParserTests
{
    private const byte Echo = 1;
    private const byte Terminal = 24;
    private const byte TimingMark = 6;
    private const byte Will = 251;
    private const byte Wont = 252;
    private const byte Do = 253;
    private const byte Dont = 254;

    private readonly TelnetParser _telnet = new();

    [Theory]
    [InlineData(Will, Dont)]
    [InlineData(Do, Wont)]
    public void Every_option_is_refused_and_the_echo_too(byte asked, byte refused)
    {
        for (int option = 0; option < 256; option++)
            Assert.Equal([255, refused, (byte)option], Say(asked, (byte)option));
    }

    [Fact]
    public void A_timing_mark_is_answered_each_time_as_telnet_shows_nothing_until_it_is()
    {
        for (int i = 0; i < 3; i++)
            Assert.Equal([255, Wont, TimingMark], Say(Do, TimingMark));
    }

    [Theory]
    [InlineData(Wont)]
    [InlineData(Dont)]
    public void What_is_off_and_said_to_be_off_is_not_answered(byte said)
    {
        Assert.Null(Say(said, Terminal));
        Assert.Null(Say(said, Echo));
    }

    [Fact]
    public void The_echo_is_asked_for_and_given_back()
    {
        Assert.Equal([255, Will, Echo], _telnet.TurnEchoOff());
        Assert.False(_telnet.IsEchoOff);
        Assert.Null(Say(Do, Echo));
        Assert.True(_telnet.IsEchoOff);
        Assert.Null(_telnet.TurnEchoOff());

        Assert.Equal([255, Wont, Echo], _telnet.TurnEchoOn());
        Assert.False(_telnet.IsEchoOff);
        Assert.Null(Say(Dont, Echo));
        Assert.Equal([255, Will, Echo], _telnet.TurnEchoOff());
    }

    [Fact]
    public void An_answer_that_comes_late_is_followed_by_what_is_wanted_by_then()
    {
        _telnet.TurnEchoOff();
        Assert.Null(_telnet.TurnEchoOn());
        Assert.Equal([255, Wont, Echo], Say(Do, Echo));
        Assert.Null(_telnet.TurnEchoOff());
        Assert.Equal([255, Will, Echo], Say(Dont, Echo));
        Assert.Null(Say(Do, Echo));
        Assert.True(_telnet.IsEchoOff);
    }

    [Fact]
    public void Who_never_answers_is_asked_once()
    {
        Assert.NotNull(_telnet.TurnEchoOff());
        for (int i = 0; i < 3; i++)
        {
            Assert.Null(_telnet.TurnEchoOn());
            Assert.Null(_telnet.TurnEchoOff());
        }
    }

    [Fact]
    public void Who_refuses_the_echo_keeps_it()
    {
        _telnet.TurnEchoOff();
        Assert.Null(Say(Dont, Echo));
        Assert.False(_telnet.IsEchoOff);
        Assert.Null(_telnet.TurnEchoOn());
    }

    [Fact]
    public void Who_takes_the_echo_back_is_told_that_it_is()
    {
        _telnet.TurnEchoOff();
        Say(Do, Echo);
        Assert.Equal([255, Wont, Echo], Say(Dont, Echo));
        Assert.False(_telnet.IsEchoOff);
    }

    [Fact]
    public void Any_two_who_negotiate_come_to_an_end()
    {
        // Both begin at once, and each answers the other's words: never more than a few go to and fro.
        foreach (byte[] first in new byte[][] { [Do, Echo], [Dont, Echo], [Do, Terminal], [Will, Echo], [Will, Terminal] })
        {
            TelnetParser us = new();
            TelnetParser them = new();
            Queue<(TelnetParser To, byte[] Words)> way = new([(us, [255, .. first])]);
            if (us.TurnEchoOff() is { } asked)
                way.Enqueue((them, asked));
            int words = 0;
            while (way.TryDequeue(out (TelnetParser To, byte[] Words) next))
            {
                Assert.True(++words < 10);
                if (Say(next.To, next.Words[1], next.Words[2]) is { } reply)
                    way.Enqueue((next.To == us ? them : us, reply));
            }
        }
    }

    [Fact]
    public void A_subnegotiation_is_passed_over_up_to_its_limit()
    {
        Begin(250);
        for (int i = 0; i < TelnetParser.SubnegotiationBytesMax; i++)
            Assert.Null(_telnet.Take((byte)'x'));
        Assert.Equal(TelnetAnswerKind.Endless, _telnet.Take((byte)'x')?.Kind);
        Assert.False(_telnet.IsInCommand);
    }

    [Fact]
    public void A_subnegotiation_ends_with_SE_only_and_may_hold_the_byte_255()
    {
        Begin(250);
        foreach (byte value in new byte[] { Terminal, 0, 255, 255, 240, 255 })
            Assert.Null(_telnet.Take(value));
        Assert.True(_telnet.IsInCommand);
        Assert.Null(_telnet.Take(240));
        Assert.False(_telnet.IsInCommand);
    }

    private byte[]? Say(byte word, byte option) => Say(_telnet, word, option);

    private static byte[]? Say(TelnetParser telnet, byte word, byte option)
    {
        telnet.Begin();
        Assert.Null(telnet.Take(word));
        byte[]? reply = telnet.Take(option)?.Reply;
        Assert.False(telnet.IsInCommand);
        return reply;
    }

    private void Begin(byte command)
    {
        _telnet.Begin();
        Assert.Null(_telnet.Take(command));
    }
}
