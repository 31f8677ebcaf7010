namespace Sockeye.Linux.Tests.Reactors;

/// <summary>A callback with no task around it: what it throws, and what it leaves in its context, is the reactor's to deal with.</summary>
internal sealed class RawWork(Action callback) : IThreadPoolWorkItem
{
    public void Execute() => callback();
}
