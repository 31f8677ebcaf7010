using System.ComponentModel.DataAnnotations;

namespace Sockeye.Hub.Domain;

/// <summary>How much may happen.</summary>
/// <param name="Burst">So much at once.</param>
/// <param name="PerSecond">So much again each second, up to the burst.</param>
public sealed record Rate([property: Range(1.0, 1_000_000.0)] double Burst, [property: Range(0.01, 1_000_000.0)] double PerSecond)
{
    /// <summary>No limit.</summary>
    internal static Rate Unlimited { get; } = new(double.PositiveInfinity, double.PositiveInfinity);
}
