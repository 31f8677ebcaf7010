namespace Sockeye.Cli.Talking;

/// <summary>What the options of <c>sockeye listen</c> and <c>sockeye connect</c> say.</summary>
internal sealed record TalkSettings
{
    /// <summary>How long connecting, or waiting for a client, may take; null as long as it likes.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How long nothing may move in either direction; null as long as it likes.</summary>
    public TimeSpan? Idle { get; init; }

    /// <summary>How long one direction may go on after the other has ended; null as long as it likes.</summary>
    public TimeSpan? Linger { get; init; }

    /// <summary>Whether standard input is left alone.</summary>
    public bool NoStdin { get; init; }

    /// <summary>Whether the next client is served after this one.</summary>
    public bool KeepOpen { get; init; }
}
