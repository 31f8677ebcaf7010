namespace Sockeye.Eye.Recording;

/// <summary>What was measured in a stretch of time.</summary>
/// <param name="Up">Bytes from the client.</param>
/// <param name="Down">Bytes from the server.</param>
/// <param name="OnTheWay">The most bytes that had come in and not gone out yet, of both directions.</param>
/// <param name="ClientRoundTrip">The round trip time on the client's side, in ms; NaN where it is not known.</param>
/// <param name="ServerRoundTrip">The same on the server's side.</param>
internal readonly record struct EyeSample(long Up, long Down, long OnTheWay, double ClientRoundTrip, double ServerRoundTrip)
{
    public static readonly EyeSample None = new(0, 0, 0, double.NaN, double.NaN);

    /// <summary>This and the one that follows, as one.</summary>
    public EyeSample With(EyeSample next) => new(
        Up + next.Up,
        Down + next.Down,
        Math.Max(OnTheWay, next.OnTheWay),
        double.IsNaN(next.ClientRoundTrip) ? ClientRoundTrip : next.ClientRoundTrip,
        double.IsNaN(next.ServerRoundTrip) ? ServerRoundTrip : next.ServerRoundTrip);
}
