using System.IO.Pipelines;

namespace Sockeye.Cli.Talking;

/// <summary>Where what the peer sends goes.</summary>
internal abstract class Outlet
{
    /// <summary>Takes the bytes; completing it ends the outlet once all are written.</summary>
    public abstract PipeWriter Writer { get; }

    /// <summary>Completes when all is written and the outlet has ended; fails, with an <see cref="IOException"/>, as soon as nothing more can be written.</summary>
    public abstract Task Ended { get; }

    /// <summary>How many bytes were written so far.</summary>
    public abstract long Written { get; }
}
