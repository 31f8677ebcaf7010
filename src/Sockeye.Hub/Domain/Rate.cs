namespace Sockeye.Hub.Domain;

/// <summary>How much may happen.</summary>
/// <param name="Burst">So much at once.</param>
/// <param name="PerSecond">So much again each second, up to the burst.</param>
internal sealed record Rate(double Burst, double PerSecond)
{
    /// <summary>No limit.</summary>
    public static Rate Unlimited { get; } = new(double.PositiveInfinity, double.PositiveInfinity);
}
