using System.Diagnostics.CodeAnalysis;

namespace Sockeye;

/// <summary>
/// Keeps the end of our direction and the reading of the peer's out of each other's way: a TLS session bears one thread at a time, and
/// <see cref="System.Net.Security.SslStream"/> takes its lock to encrypt and to decrypt but not to make the close_notify. The reader has the gate except
/// while it waits for the network; in turn, so that a peer who never pauses does not hold up our end.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle holds nothing to dispose.")]
internal sealed class TlsSessionGate
{
    /// <summary>Who waits gets it before who comes: release hands it over to an asynchronous waiter.</summary>
    private readonly SemaphoreSlim _gate = new(1, 1);
    private bool _readerIsIn;

    /// <summary>The reader may find ciphertext that it has kept, and decrypts. Only a reader asks, so one at a time.</summary>
    public async ValueTask EnterReaderAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        _readerIsIn = true;
    }

    /// <summary>The reader decrypts no more, for now or at all.</summary>
    /// <returns>Whether it was in: during the handshake it is not, for nothing ends before that is over.</returns>
    public bool LeaveReader()
    {
        if (!_readerIsIn)
            return false;
        _readerIsIn = false;
        _gate.Release();
        return true;
    }

    /// <summary>Begins what ends our direction, and leaves once it is begun: what it has to send is made by then, and the network may take its time over it.</summary>
    public async ValueTask<Task> BeginEndAsync(Func<Task> begin)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            return begin();
        }
        finally
        {
            _gate.Release();
        }
    }
}
