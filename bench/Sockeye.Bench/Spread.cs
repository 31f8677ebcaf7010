namespace Sockeye.Bench;

/// <summary>A median with its least and greatest, as text.</summary>
internal static class Spread
{
    public static string Of(IEnumerable<double> values, string format)
    {
        double[] all = [.. values];
        return $"{Median(all).ToString(format)} ({all.Min().ToString(format)} to {all.Max().ToString(format)})";
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
