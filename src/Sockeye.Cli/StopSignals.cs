using System.Runtime.InteropServices;

namespace Sockeye.Cli;

/// <summary>
/// Ctrl-C and a request to terminate. The first asks the program to stop in order; a second ends it at once, as interrupted.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Action<int> _exit;
    private readonly PosixSignalRegistration[] _registrations;
    private int _count;

    /// <param name="exit">Ends the process at once with an exit code.</param>
    public StopSignals(Action<int> exit)
    {
        _exit = exit;
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal), PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal)];
    }

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
        if (Interlocked.Increment(ref _count) == 1)
            _stop.Cancel();
        else
            _exit(ExitCodes.Interrupted);
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        Request();
    }
}
