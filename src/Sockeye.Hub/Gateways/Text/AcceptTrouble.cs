namespace Sockeye.Hub.Gateways.Text;

/// <summary>
/// Tells that the plain-text door accepts nobody once, however often it tries meanwhile, and once when it is over: when no try has failed for a while, as in a crowd each who
/// leaves lets one other in.
/// </summary>
/// <param name="time">Whose clock counts.</param>
/// <param name="tell">Who is told.</param>
internal sealed class AcceptTrouble(TimeProvider time, Action<string> tell) : IDisposable
{
    /// <summary>So long without a failure is the end of it: tries come many times a second.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private ITimer? _timer;

    /// <summary>A try has failed.</summary>
    /// <param name="why">Why, and what to try.</param>
    public void Failed(string why)
    {
        lock (_lock)
        {
            if (_timer is not null)
            {
                _timer.Change(Quiet, Timeout.InfiniteTimeSpan);
                return;
            }

            _timer = time.CreateTimer(_ => Over(), null, Quiet, Timeout.InfiniteTimeSpan);
        }

        tell($"{why}; until then who comes to the plain-text door has to wait");
    }

    public void Dispose()
    {
        lock (_lock)
            _timer?.Dispose();
    }

    private void Over()
    {
        lock (_lock)
        {
            _timer?.Dispose();
            _timer = null;
        }

        tell("the plain-text door accepts connections again");
    }
}
