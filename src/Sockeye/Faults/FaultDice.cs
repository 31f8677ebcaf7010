using System.Diagnostics.CodeAnalysis;

namespace Sockeye;

/// <summary>
/// The chance in one direction of one connection: a stream of its own, so that what other connections do, and which thread is first, changes nothing. One
/// caller at a time.
/// </summary>
[SuppressMessage("Security", "CA5394", Justification = "Faults that can be had again by their seed, and no secrets.")]
internal sealed class FaultDice(int seed, long connection, FaultDirection direction)
{
    /// <summary>How often a piece of a stream can be lost in a row; then it is passed on.</summary>
    public const int LossesMax = 8;

    /// <summary>After how long TCP sends a lost segment again at the earliest on Linux (TCP_RTO_MIN); twice as long for each further loss (RFC 6298, 5.5).</summary>
    public static readonly TimeSpan RetransmissionTimeout = TimeSpan.FromMilliseconds(200);

    private readonly Random _random = new(Mix(seed, connection, direction));

    /// <summary>Whether what happens so many times of a hundred happens now.</summary>
    public bool Falls(decimal percent) => percent > 0 && _random.NextDouble() * 100 < (double)percent;

    /// <summary>How much later this piece is passed on.</summary>
    public TimeSpan Delay(DirectionFaults faults)
    {
        if (faults.Jitter == TimeSpan.Zero)
            return faults.Delay;
        TimeSpan delay = faults.Delay + TimeSpan.FromTicks(_random.NextInt64(-faults.Jitter.Ticks, faults.Jitter.Ticks + 1));
        return delay > TimeSpan.Zero ? delay : TimeSpan.Zero;
    }

    /// <summary>How long sending a piece of a stream again takes, and how often it is done.</summary>
    public (TimeSpan Time, int Losses) Retransmissions(decimal percent)
    {
        (TimeSpan time, TimeSpan next, int losses) = (TimeSpan.Zero, RetransmissionTimeout, 0);
        while (losses < LossesMax && Falls(percent))
            (time, next, losses) = (time + next, next * 2, losses + 1);
        return (time, losses);
    }

    /// <summary>Turns one bit over.</summary>
    public void TurnBit(Span<byte> bytes) => bytes[_random.Next(bytes.Length)] ^= (byte)(1 << _random.Next(8));

    /// <summary>SplitMix64 (Steele, Lea, Flood 2014): neighbouring connections have nothing in common.</summary>
    private static int Mix(int seed, long connection, FaultDirection direction)
    {
        unchecked
        {
            ulong mixed = ((ulong)(uint)seed << 32) + ((ulong)connection * 2) + (ulong)direction;
            mixed += 0x9E3779B97F4A7C15;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return (int)((mixed ^ (mixed >> 31)) & int.MaxValue);
        }
    }
}
