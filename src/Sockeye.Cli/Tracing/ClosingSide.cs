namespace Sockeye.Cli.Tracing;

/// <summary>Who began to close. The names in lower case are those of the JSON: docs/cli-json.md.</summary>
internal enum ClosingSide
{
    /// <summary>It was not closed in order.</summary>
    Nobody,

    /// <summary>This side.</summary>
    Us,

    /// <summary>The other.</summary>
    Peer,

    /// <summary>Both at once.</summary>
    Both,

    /// <summary>One of the two; which cannot be known.</summary>
    Unknown,
}
