using System.Net;
using Sockeye.Cli.Pinging;

namespace Sockeye.Cli.Tests.Pinging;

public class PingStatisticsTests
{
    [Fact]
    public void The_summary_is_that_of_iputils()
    {
        PingStatistics statistics = new();
        for (int i = 0; i < 5; i++)
            statistics.AddSent();
        foreach (int milliseconds in new[] { 2, 4, 4, 6 })
            statistics.Add(Answer(IcmpEchoAnswerKind.Reply, milliseconds));
        statistics.Add(Answer(IcmpEchoAnswerKind.Duplicate, 1000));
        statistics.Add(Answer(IcmpEchoAnswerKind.Error, 1000));

        using StringWriter output = new();
        new PingText(output, TextWriter.Null, isQuiet: true).End("example.org", IPAddress.Loopback, statistics, TimeSpan.FromMilliseconds(4012.4));
        Assert.Equal(
            """
            --- example.org ping statistics ---
            5 packets transmitted, 4 received, +1 duplicates, +1 errors, 20% packet loss, time 4012ms
            rtt min/avg/max/mdev = 2.000/4.000/6.000/1.414 ms

            """, output.ToString());
    }

    [Fact]
    public void Nothing_received_has_no_times()
    {
        PingStatistics statistics = new();
        statistics.AddSent();
        using StringWriter output = new();
        new PingText(output, TextWriter.Null, isQuiet: false).End("h", address: null, statistics, TimeSpan.Zero);
        Assert.Equal("--- h ping statistics ---\n1 packets transmitted, 0 received, 100% packet loss, time 0ms\n", output.ToString());
    }

    private static IcmpEchoAnswer Answer(IcmpEchoAnswerKind kind, int milliseconds) =>
        new() { Kind = kind, SequenceNumber = 1, From = IPAddress.Loopback, RoundTrip = TimeSpan.FromMilliseconds(milliseconds) };
}
