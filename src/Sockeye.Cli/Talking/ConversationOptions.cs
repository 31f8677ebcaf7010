namespace Sockeye.Cli.Talking;

/// <summary>How a conversation goes on and ends.</summary>
internal sealed record ConversationOptions
{
    /// <summary>How long one direction may go on after the other has ended; null as long as it likes.</summary>
    public TimeSpan? Linger { get; init; }

    /// <summary>How long nothing may move in either direction; null as long as it likes.</summary>
    public TimeSpan? Idle { get; init; }

    /// <summary>Whether our direction ends when the peer's does, whatever could still be sent.</summary>
    public bool EndsWithPeer { get; init; }

    /// <summary>Whether the outlet ends when the peer does; not if another peer comes.</summary>
    public bool EndsOutlet { get; init; } = true;

    /// <summary>Whether it is no end of all when nobody reads any more what the peer sends: a program that has heard enough may still answer.</summary>
    public bool OutlivesOutlet { get; init; }

    /// <summary>How long our direction stays open after the end of the input, for peers that answer nothing once it has ended.</summary>
    public TimeSpan EndWait { get; init; }

    /// <summary>Told when a direction has ended in order, from any thread.</summary>
    public Action<Direction>? OnEnded { get; init; }
}
