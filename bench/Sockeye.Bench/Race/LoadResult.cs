namespace Sockeye.Bench.Race;

/// <summary>What the generator says of a run.</summary>
/// <param name="Messages">There and back.</param>
/// <param name="Lost">Datagrams that did not come back, or only when sent again.</param>
/// <param name="Cpu">Processor time of the generator, in seconds.</param>
/// <param name="Spun">What of it found nothing to do.</param>
/// <param name="P50">Of an open run: µs from when a message was due until it was back; half took less.</param>
/// <param name="P99">The same of ninety-nine in a hundred.</param>
/// <param name="P999">The same of 999 in a thousand.</param>
/// <param name="Late99">How late the generator itself was in sending, µs, ninety-nine in a hundred.</param>
internal sealed record LoadResult(long Messages, long Lost, double Seconds, double Cpu, double Spun, double P50, double P99, double P999, double Late99)
{
    public double PerSecond => Messages / Seconds;
}
