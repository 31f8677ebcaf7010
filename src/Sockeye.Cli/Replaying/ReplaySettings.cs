namespace Sockeye.Cli.Replaying;

/// <summary>What <c>sockeye replay</c> is told.</summary>
internal sealed record ReplaySettings
{
    /// <summary>The recording's file; "-" is standard input.</summary>
    public required string File { get; init; }

    /// <summary>The server to be compared with the recorded one.</summary>
    public Address? To { get; init; }

    /// <summary>Where to listen for the clients to be compared.</summary>
    public Address? AsServer { get; init; }

    /// <summary>The number of the connection to play; null: the only one.</summary>
    public int? Stream { get; init; }

    /// <summary>All of them are played, one after the other.</summary>
    public bool All { get; init; }

    public required ConnectorOptions Connector { get; init; }

    public required ReplayOptions Replay { get; init; }
}
