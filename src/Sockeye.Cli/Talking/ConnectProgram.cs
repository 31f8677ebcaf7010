using Sockeye.Cli.Output;

namespace Sockeye.Cli.Talking;

/// <summary>Connects, and talks.</summary>
internal sealed class ConnectProgram(CliEnvironment environment, TalkSettings settings, Reporter reporter)
{
    public async Task<int> RunAsync(Address address, CancellationToken stop)
    {
        ProtocolWatch watch = new(address);
        Connection connection = await environment.Network.ConnectAsync(
            address,
            new ConnectorOptions { ConnectTimeout = settings.Timeout, Tls = settings.ClientTls, LingerTimeout = Talk.CloseTimeout, Observer = watch, WebSocket = settings.WebSocket },
            stop);
        Ending ending = await new Talk(environment, settings, reporter).RunAsync(connection, number: null, stop);

        // One that was cut or failed says so itself: the peer's silence explains nothing then.
        string? silence = ending.Cause is EndCause.Ended or EndCause.Reset && watch.IsSilenceStrange ? watch.ExplainSilence() : null;
        if (watch.FindOther() is { } other && ending.ExitCode == ExitCodes.Done)
            throw new ProgramException(ExitCodes.NetworkFailed, other);
        if ((watch.FindOther() ?? silence) is { } explanation)
            reporter.Tell(new CliEvent(EventKind.Notice) { Message = explanation });
        if (ending.ExitCode != ExitCodes.Done && ending.Message is { } message)
            throw new ProgramException(ending.ExitCode, message);
        if (ending.Message is { } notice)
            reporter.Tell(new CliEvent(EventKind.Notice) { Message = notice });
        return ending.ExitCode;
    }
}
