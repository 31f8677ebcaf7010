namespace Sockeye.Cli.Viewing;

/// <summary>What the options of a page, and the verb that has it, say.</summary>
internal sealed record EyeViewSettings
{
    /// <summary>Its heading.</summary>
    public required string Title { get; init; }

    /// <summary>Where it is; null: on any free port of this machine.</summary>
    public string? Address { get; init; }

    /// <summary>Whether passwords and the like are shown as they are.</summary>
    public bool ShowSecrets { get; init; }

    /// <summary>What it can make go wrong; null: nothing.</summary>
    public FaultControl? Faults { get; init; }
}
