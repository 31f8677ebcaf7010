namespace Sockeye.Eye.Recording;

/// <summary>A conversation's figures over time.</summary>
/// <param name="Start">When the first stretch begins.</param>
/// <param name="Width">How long each is.</param>
/// <param name="Samples">What was measured in each.</param>
internal sealed record EyePlot(TimeSpan Start, TimeSpan Width, EyeSample[] Samples);
