namespace Sockeye;

/// <summary>Looks now and then whether a reactor still runs what it ran when it was looked at before.</summary>
internal sealed class ReactorWatch : IDisposable
{
    private readonly Reactor[] _reactors;
    private readonly Action<int> _onHeld;
    private readonly LinuxNetwork _network;
    private readonly long[] _steps;
    private readonly bool[] _told;
    private readonly ITimer _timer;

    public ReactorWatch(LinuxNetwork network, Reactor[] reactors, Action<int> onHeld)
    {
        _network = network;
        _reactors = reactors;
        _onHeld = onHeld;
        _steps = new long[reactors.Length];
        _told = new bool[reactors.Length];
        TimeSpan heldTime = network.Options.HeldTime;
        _timer = network.TimeProvider.CreateTimer(static state => ((ReactorWatch)state!).Look(), this, heldTime, heldTime);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        for (int i = 0; i < _reactors.Length; i++)
        {
            long step = _reactors[i].Step;
            bool isHeld = step == _steps[i] && (step & 1) != 0;
            _steps[i] = step;
            if (isHeld && !_told[i])
                Tell(i);
            _told[i] = isHeld;
        }
    }

    private void Tell(int reactor)
    {
        try
        {
            _onHeld(reactor);
        }
        catch (Exception e)
        {
            _network.Report(e);
        }
    }
}
