namespace Sockeye.Cli.Talking;

internal enum Direction
{
    /// <summary>From the peer to us.</summary>
    Received,

    /// <summary>From us to the peer.</summary>
    Sent,
}
