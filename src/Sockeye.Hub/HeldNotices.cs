namespace Sockeye.Hub;

/// <summary>Keeps back what is worth knowing until the hub has started: who is told that it cannot start has no use for the rest.</summary>
/// <param name="tell">Who is told then.</param>
internal sealed class HeldNotices(Action<string> tell)
{
    private readonly Lock _lock = new();
    private List<string>? _held = [];

    /// <summary>Tells it, or keeps it for later.</summary>
    public void Add(string notice)
    {
        lock (_lock)
        {
            if (_held is not null)
            {
                _held.Add(notice);
                return;
            }
        }

        tell(notice);
    }

    /// <summary>Tells what is kept, in its order, and everything from now on as it comes.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _held?.ForEach(tell);
            _held = null;
        }
    }
}
