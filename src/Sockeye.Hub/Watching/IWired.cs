namespace Sockeye.Hub.Watching;

/// <summary>
/// A client whose connection can be looked at, and watched: a gateway's <see cref="Domain.IChatClient"/> implements it as well. From any thread.
/// </summary>
internal interface IWired
{
    /// <summary>Where one can watch. Made when somebody first does: a client that nobody watches has none.</summary>
    WireTap Tap { get; }

    /// <summary>The connection as it is now.</summary>
    WireFacts Look();
}
