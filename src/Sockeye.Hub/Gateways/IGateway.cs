namespace Sockeye.Hub.Gateways;

/// <summary>A door, or several of one kind: it makes clients of what comes in. One folder each, and nothing else of the hub knows what is in it.</summary>
internal interface IGateway : IAsyncDisposable
{
    /// <summary>Opens the door; a door that is off has no address.</summary>
    /// <returns>The addresses that clients reach it by.</returns>
    ValueTask<IReadOnlyList<string>> ListenAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Serves until <paramref name="stop"/> fires and every client is gone. The chat shows all clients <see cref="Domain.ChatEvent.Closing"/> when it fires.
    /// </summary>
    Task RunAsync(CancellationToken stop);
}
