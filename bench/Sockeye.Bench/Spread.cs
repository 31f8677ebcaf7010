namespace Sockeye.Bench;

/// <summary>A median with its least and greatest, as text.</summary>
internal static class Spread
{
    public static string Of(IEnumerable<double> values, string format)
    {
        double[] sorted = [.. values.Order()];
        double median = sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
        return $"{median.ToString(format)} ({sorted[0].ToString(format)} to {sorted[^1].ToString(format)})";
    }
}
