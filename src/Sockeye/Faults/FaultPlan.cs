using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// What shall go wrong between two sides, as text: <c>delay=50ms±10ms, rate=1mbit; up: slice=1; down: cut-after=4096, reset</c>. What stands before any
/// <c>up:</c> or <c>down:</c> is for both directions; the table of the words is in the handbook, chapter 13.
/// </summary>
public sealed record FaultPlan
{
    /// <summary>The longest text, in characters.</summary>
    public const int LengthMax = 1_000;

    /// <summary>The slowest rate, in bits a second: a byte.</summary>
    public const long RateMin = 8;

    /// <summary>The fastest, in bits a second: 100 Gbit/s.</summary>
    public const long RateMax = 100_000_000_000;

    /// <summary>The most bytes that <c>slice</c> can leave together: 1 MiB.</summary>
    public const int SliceMax = 1024 * 1024;

    /// <summary>The most bytes after which <c>cut-after</c> can cut: 1 TiB.</summary>
    public const long CutAfterMax = 1L << 40;

    /// <summary>The most connections that <c>refuse</c> can count.</summary>
    public const int RefuseMax = 1_000_000;

    /// <summary><see cref="Refuse"/> for <c>refuse</c> without a number.</summary>
    public const int RefuseAll = int.MaxValue;

    /// <summary>The longest of every time: an hour.</summary>
    public static readonly TimeSpan TimeMax = TimeSpan.FromHours(1);

    /// <summary>Nothing goes wrong.</summary>
    public static readonly FaultPlan None = new();

    /// <summary>The words that plans are made of, as they are written: <c>delay</c>, <c>rate</c>, …</summary>
    public static IReadOnlyList<string> Words { get; } = [.. FaultKeys.Names];

    /// <summary>From the client to the target, <c>up:</c>.</summary>
    public DirectionFaults Up { get; init; } = DirectionFaults.None;

    /// <summary>From the target to the client, <c>down:</c>.</summary>
    public DirectionFaults Down { get; init; } = DirectionFaults.None;

    /// <summary>
    /// <c>half-open</c>: from a cut on (<see cref="DirectionFaults.CutAfter"/>), or at once where there is none, nothing passes any more in either direction, and
    /// neither side is told; with <c>reset</c>, one is (<see cref="Reset"/>).
    /// </summary>
    public bool IsHalfOpen { get; init; }

    /// <summary>
    /// <c>reset</c>, zero: a cut is a reset; where there is none, connections are reset as soon as they are there. <c>reset=T</c>: they are reset so long after.
    /// Null for none. With <see cref="IsHalfOpen"/> a reset that is zero is of one side alone: the one that the cut bytes went to, or, where there is no cut, the
    /// target. The other does not learn of it: that is a half-open connection of RFC 9293, 3.5.1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or over <see cref="TimeMax"/>.</exception>
    public TimeSpan? Reset
    {
        get;
        init => field = value is null ? null : FaultNumbers.CheckTime(value.Value);
    }

    /// <summary><c>refuse=N</c>: how many of the next connections are reset at once; <see cref="RefuseAll"/> for all. Null for none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 1 to <see cref="RefuseMax"/>, nor <see cref="RefuseAll"/>.</exception>
    public int? Refuse
    {
        get;
        init => field = value is null or (>= 1 and <= RefuseMax) or RefuseAll ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"1 to {RefuseMax}, or RefuseAll.");
    }

    /// <summary>Whether a cut follows any number of bytes: <see cref="IsHalfOpen"/> and <see cref="Reset"/> say how.</summary>
    internal bool HasCut => Up.CutAfter is not null || Down.CutAfter is not null;

    /// <summary>Reads a plan.</summary>
    /// <exception cref="FormatException">It is none: the message has what is wrong, where, and what is allowed.</exception>
    public static FaultPlan Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out FaultPlan? plan, out string? error) ? plan : throw new FormatException(error);
    }

    /// <summary>Reads a plan, or says what is wrong with it.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out FaultPlan? plan, [NotNullWhen(false)] out string? error)
    {
        error = FaultPlanParser.Read(text ?? "", out plan);
        return error is null;
    }

    /// <summary>The shortest text that <see cref="Parse"/> reads back as this.</summary>
    public override string ToString() => FaultPlanPrinter.Print(this);

    /// <summary>What of the plan makes no sense at that address, in a sentence; null if all does. A datagram cannot be sliced, for one.</summary>
    public string? FindProblem(Address address)
    {
        ArgumentNullException.ThrowIfNull(address);
        FaultTarget target = address.SocketType switch
        {
            SocketType.Stream => FaultTarget.Streams,
            SocketType.Seqpacket => FaultTarget.Messages,
            _ => FaultTarget.Datagrams,
        };
        return (from key in FaultKeys.All where key.IsIn(this) && !key.Targets.HasFlag(target) select $"{key.Name} is {key.WhyNot}, and {address} is not: remove it").FirstOrDefault();
    }

    internal DirectionFaults Of(FaultDirection direction) => direction == FaultDirection.Up ? Up : Down;
}
