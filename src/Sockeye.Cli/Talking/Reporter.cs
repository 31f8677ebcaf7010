using Sockeye.Cli.Output;

namespace Sockeye.Cli.Talking;

/// <summary>Where it is told what happens, and where what peers send goes.</summary>
internal abstract class Reporter : IAsyncDisposable
{
    /// <summary>How long the end waits for an output that stands still.</summary>
    protected static readonly TimeSpan EndTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>Tells; never waits.</summary>
    public abstract void Tell(CliEvent happened);

    /// <summary>Where the bytes of one peer go.</summary>
    /// <param name="peer">Who it is, as its events say.</param>
    public abstract Outlet OpenOutlet(CliEvent peer);

    /// <summary>Writes what waits, as far as it is read.</summary>
    public abstract ValueTask DisposeAsync();
}
