namespace Sockeye;

/// <summary>Brings handlers back to their reactor after foreign awaits, where that is asked for.</summary>
internal sealed class ReactorContext(Reactor reactor) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => reactor.Queue(new Posted(d, state));

    public override void Send(SendOrPostCallback d, object? state)
    {
        ArgumentNullException.ThrowIfNull(d);
        if (Reactor.Current != reactor)
            throw new NotSupportedException("Nobody may wait for a reactor's thread: post to it.");
        d(state);
    }

    public override SynchronizationContext CreateCopy() => this;

    private sealed class Posted(SendOrPostCallback callback, object? state) : IThreadPoolWorkItem
    {
        public void Execute() => callback(state);
    }
}
