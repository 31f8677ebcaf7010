using Sockeye.Cli.Output;

namespace Sockeye.Cli.Talking;

/// <summary>What came on standard output, as it came; what happens on standard error, in lines.</summary>
/// <param name="log">For the lines.</param>
/// <param name="openOutput">Opens standard output, the first time it is needed.</param>
/// <param name="isVerbose">Whether everything is told, or only who listens and what is worth a notice.</param>
/// <param name="time">The clock.</param>
/// <param name="stop">Fires when the program is asked to stop.</param>
internal sealed class TextReporter(EventLog log, Func<Stream> openOutput, bool isVerbose, TimeProvider time, CancellationToken stop) : Reporter(time, stop)
{
    private BlockingOutlet? _outlet;

    public override void Tell(CliEvent happened)
    {
        if (isVerbose || happened is { Kind: EventKind.Ended, IsForWhoTypes: true } || happened.Kind is EventKind.Listening or EventKind.Page or EventKind.Notice or EventKind.Refused or EventKind.Lost or EventKind.Certificate || happened is { Kind: EventKind.Exited, ExitCode: not 0 })
            log.Write(happened);
    }

    public override Outlet OpenOutlet(CliEvent peer) => _outlet ??= new BlockingOutlet(openOutput(), "standard output");

    public override async ValueTask DisposeAsync()
    {
        if (_outlet is not null)
        {
            await _outlet.Writer.CompleteAsync();
            await WaitForEndAsync(_outlet.Ended, _outlet.StandStill);
        }

        await log.DisposeAsync();
        await base.DisposeAsync();
    }
}
