namespace Sockeye;

/// <summary>What shall go wrong in one direction of a <see cref="FaultPlan"/>.</summary>
public sealed record DirectionFaults
{
    /// <summary>Nothing goes wrong.</summary>
    public static readonly DirectionFaults None = new();

    /// <summary><c>delay</c>: how much later each piece is passed on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or over <see cref="FaultPlan.TimeMax"/>.</exception>
    public TimeSpan Delay { get; init => field = FaultNumbers.CheckTime(value); }

    /// <summary>How much more or less than <see cref="Delay"/> it may be: any value between is as likely. Nothing is passed on before it came.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or over <see cref="FaultPlan.TimeMax"/>.</exception>
    public TimeSpan Jitter { get; init => field = FaultNumbers.CheckTime(value); }

    /// <summary><c>rate</c>: the most bits a second; null for no limit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not <see cref="FaultPlan.RateMin"/> to <see cref="FaultPlan.RateMax"/>.</exception>
    public long? Rate { get; init => field = FaultNumbers.Check(value, FaultPlan.RateMin, FaultPlan.RateMax); }

    /// <summary><c>slice</c>: the most bytes of one write; null for no limit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 1 to <see cref="FaultPlan.SliceMax"/>.</exception>
    public int? Slice { get; init => field = (int?)FaultNumbers.Check(value, 1, FaultPlan.SliceMax); }

    /// <summary><c>merge</c>: what comes within so long leaves as one write; zero for none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or over <see cref="FaultPlan.TimeMax"/>.</exception>
    public TimeSpan Merge { get; init => field = FaultNumbers.CheckTime(value); }

    /// <summary><c>cut-after</c>: after how many bytes of this direction the connection ends; null for never.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 1 to <see cref="FaultPlan.CutAfterMax"/>.</exception>
    public long? CutAfter { get; init => field = FaultNumbers.Check(value, 1, FaultPlan.CutAfterMax); }

    /// <summary><c>drop</c>: how many of a hundred datagrams are lost; a piece of a stream is sent again, and comes later by that.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 to 100, or more than four decimals.</exception>
    public decimal Drop { get; init => field = FaultNumbers.CheckPercent(value); }

    /// <summary><c>duplicate</c>: how many of a hundred datagrams come twice.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 to 100, or more than four decimals.</exception>
    public decimal Duplicate { get; init => field = FaultNumbers.CheckPercent(value); }

    /// <summary><c>reorder</c>: how many of a hundred datagrams the next one overtakes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 to 100, or more than four decimals.</exception>
    public decimal Reorder { get; init => field = FaultNumbers.CheckPercent(value); }

    /// <summary><c>corrupt</c>: in how many of a hundred datagrams, or pieces of a stream, one bit is turned over.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 to 100, or more than four decimals.</exception>
    public decimal Corrupt { get; init => field = FaultNumbers.CheckPercent(value); }

    /// <summary><c>slow-close</c>: how much later than the last byte an end (FIN) is passed on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or over <see cref="FaultPlan.TimeMax"/>.</exception>
    public TimeSpan SlowClose { get; init => field = FaultNumbers.CheckTime(value); }

    /// <summary>Whether nothing goes wrong, without comparing each.</summary>
    internal bool IsNone => ReferenceEquals(this, None) || Equals(None);

    /// <summary>Whether pieces wait by themselves: then those behind them come in meanwhile, up to the limit of the queue.</summary>
    internal bool Holds => Delay > TimeSpan.Zero || Jitter > TimeSpan.Zero || Merge > TimeSpan.Zero || Drop > 0;
}
