namespace Sockeye.Cli.Pinging;

/// <summary>What a ping has to tell at its end. The deviation is iputils': the root of the mean of squares less the square of the mean.</summary>
internal sealed class PingStatistics
{
    private double _sum;
    private double _squares;

    public int Sent { get; private set; }

    public int Received { get; private set; }

    public int Duplicates { get; private set; }

    public int Errors { get; private set; }

    public double Min { get; private set; } = double.PositiveInfinity;

    public double Max { get; private set; }

    /// <summary>The mean of the round trips in milliseconds.</summary>
    public double Average => _sum / Received;

    public double Deviation => Math.Sqrt(Math.Max(0, (_squares / Received) - (Average * Average)));

    /// <summary>The percentage of requests that nobody answered.</summary>
    public double Loss => Sent == 0 ? 0 : 100.0 * Math.Max(0, Sent - Received) / Sent;

    public void AddSent() => Sent++;

    public void Add(IcmpEchoAnswer answer)
    {
        switch (answer.Kind)
        {
            case IcmpEchoAnswerKind.Error:
                Errors++;
                break;
            case IcmpEchoAnswerKind.Duplicate:
                Duplicates++;
                break;
            default:
                double time = answer.RoundTrip.TotalMilliseconds;
                Received++;
                _sum += time;
                _squares += time * time;
                (Min, Max) = (Math.Min(Min, time), Math.Max(Max, time));
                break;
        }
    }
}
