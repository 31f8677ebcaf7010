namespace Sockeye;

/// <summary>Two joined connections while they are relayed.</summary>
/// <remarks>
/// The first failure decides, whichever loop or watch meets it:
/// <list type="table">
/// <listheader><term>what failed</term><description>what is done</description></listheader>
/// <item><term>a side that had not ended its stream</term><description>the other is aborted, which ends its loop</description></item>
/// <item><term>a side that had</term><description>the other's loop is stopped, and nothing of it is cut</description></item>
/// </list>
/// </remarks>
internal sealed class RelayPair
{
    private readonly RelayLeg _first;
    private readonly RelayLeg _second;
    private readonly Lock _lock = new();
    private bool _failed;

    public RelayPair(Connection first, Connection second)
    {
        _first = new RelayLeg(this, first);
        _second = new RelayLeg(this, second);
        (_first.Other, _second.Other) = (_second, _first);
    }

    public RelayResult Result => new(_first.Side, _second.Side);

    public async Task RunAsync()
    {
        Task back = CopyBackAsync();
        await _first.CopyAsync().ConfigureAwait(false);
        await back.ConfigureAwait(false);
        await _first.EndWatchAsync().ConfigureAwait(false);
        await _second.EndWatchAsync().ConfigureAwait(false);
    }

    /// <summary>A side has failed. Only the first to say so is heard: what follows is its consequence.</summary>
    public void Fail(RelayLeg leg, Exception error)
    {
        bool isCut;
        lock (_lock)
        {
            if (_failed)
                return;
            _failed = true;
            isCut = !leg.HasEnded;
            leg.SetEnd(RelayEnd.Failed, error);
            if (isCut)
                leg.Other.SetEnd(RelayEnd.Reset, error: null);
            else if (!leg.Other.EndPassedOn)
                leg.Other.SetEnd(RelayEnd.Stopped, error: null);
        }

        leg.Connection.Abort(error);
        if (isCut)
            leg.Other.Connection.Abort(error);
        else
            leg.Other.Stop();
    }

    public void Abort(Exception reason)
    {
        Fail(_first, reason);
        _first.Connection.Abort(reason);
        _second.Connection.Abort(reason);
    }

    private async Task CopyBackAsync()
    {
        // A side that always has something ready would keep the caller, and the other direction would never begin.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await _second.CopyAsync().ConfigureAwait(false);
    }
}
