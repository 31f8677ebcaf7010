namespace Sockeye.Cli.Talking;

/// <summary>How a conversation ended.</summary>
/// <param name="Cause">Why.</param>
/// <param name="Message">What to tell, in one sentence without its full stop; null when there is nothing.</param>
/// <param name="WasCut">Whether bytes were there that will not arrive.</param>
internal sealed record Ending(EndCause Cause, string? Message = null, bool WasCut = false)
{
    public long BytesReceived { get; init; }

    public long BytesSent { get; init; }

    public int ExitCode => Cause switch
    {
        EndCause.Ended or EndCause.Closed => ExitCodes.Done,
        EndCause.Linger => WasCut ? ExitCodes.TimedOut : ExitCodes.Done,
        EndCause.Idle => ExitCodes.TimedOut,
        EndCause.Reset or EndCause.Cut => ExitCodes.Reset,
        EndCause.Tls => ExitCodes.Trust,
        EndCause.Interrupted => ExitCodes.Interrupted,
        _ => ExitCodes.NetworkFailed,
    };
}
