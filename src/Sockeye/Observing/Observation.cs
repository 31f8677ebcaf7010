namespace Sockeye;

/// <summary>An observer at its place, until it is taken away.</summary>
internal sealed class Observation(Action end) : IDisposable
{
    private Action? _end = end;

    public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
}
