using System.Runtime.InteropServices;

namespace Sockeye.Cli;

/// <summary>
/// Ctrl-C, a request to terminate, and a terminal that closes. The first asks the program to stop in order; a second ends it at once, as
/// interrupted.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    /// <summary>
    /// Within this time the same wish may arrive twice: timeout(1) signals its child and then its whole process group, others the group and
    /// then the child. Nobody presses Ctrl-C twice as fast.
    /// </summary>
    public static readonly TimeSpan EchoTime = TimeSpan.FromMilliseconds(100);

    private static readonly PosixSignal[] Signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Action<int> _exit;
    private readonly TimeProvider _time;
    private readonly PosixSignalRegistration[] _registrations;
    private long? _firstAt;

    /// <param name="exit">Ends the process at once with an exit code.</param>
    /// <param name="time">Tells a second signal from the echo of the first.</param>
    public StopSignals(Action<int> exit, TimeProvider time)
    {
        (_exit, _time) = (exit, time);
        _registrations = [.. Signals.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];
    }

    /// <summary>The process ends at once: what must not be left behind goes now.</summary>
    public event Action? Exiting;

    /// <summary>Fires on the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _stop.Dispose();
    }

    /// <summary>What a signal does.</summary>
    public void Request()
    {
        long? firstAt;
        lock (_lock)
        {
            firstAt = _firstAt;
            _firstAt ??= _time.GetTimestamp();
        }

        if (firstAt is null)
        {
            _stop.Cancel();
        }
        else if (_time.GetElapsedTime(firstAt.Value) >= EchoTime)
        {
            try
            {
                Exiting?.Invoke();
            }
            finally
            {
                _exit(ExitCodes.Interrupted);
            }
        }
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        Request();
    }
}
