namespace Sockeye.Tests.Serving;

/// <summary>Draws the least or the greatest there is, so that what is random has its exact bounds.</summary>
internal sealed class EdgeRandom(bool least) : Random(0)
{
    public override long NextInt64(long maxValue) => least ? 0 : maxValue - 1;
}
