namespace Sockeye.Cli.Capturing;

/// <summary>Which side of a relay is recorded.</summary>
internal enum PcapSide
{
    Client,
    Target,
    Both,
}
