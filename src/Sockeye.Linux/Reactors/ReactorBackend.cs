namespace Sockeye;

/// <summary>What a reactor waits in. All but <see cref="Wake"/> and the poller is called on the reactor's thread only.</summary>
internal abstract class ReactorBackend : IDisposable
{
    /// <summary>The reactor that it is of: set before anything else is asked of it.</summary>
    public Reactor Owner { get; set; } = null!;

    /// <summary>Tells sockets when they are ready.</summary>
    public abstract HostPoller Poller { get; }

    /// <summary>The reactor's thread begins.</summary>
    public virtual void Begin()
    {
    }

    /// <summary>Submits what is to be submitted, and collects for whom something has come.</summary>
    /// <param name="waits">Whether to wait until something comes, or somebody wakes it.</param>
    /// <param name="woken">Who is to be resumed.</param>
    public abstract void Collect(bool waits, ref SocketReadiness.Woken woken);

    /// <summary>Those for whom something had come have run.</summary>
    public virtual void EndTurn()
    {
    }

    /// <summary>Ends a wait, from any thread; one that comes before the wait ends it when it begins.</summary>
    public abstract void Wake();

    /// <summary>The reactor has stopped: who waits ends.</summary>
    public abstract void Dispose();
}
