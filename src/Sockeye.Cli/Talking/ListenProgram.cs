using System.Net;
using Sockeye.Cli.Commands;
using Sockeye.Cli.Output;

namespace Sockeye.Cli.Talking;

/// <summary>Listens, and talks with the first that comes; with <c>--keep-open</c> with one after the other.</summary>
internal sealed class ListenProgram(CliEnvironment environment, TalkSettings settings, Reporter reporter)
{
    public async Task<int> RunAsync(Address address, CancellationToken stop)
    {
        await using Listener listener = await environment.Network.ListenAsync(address, new ListenerOptions { LingerTimeout = Talk.CloseTimeout }, stop);
        foreach (EndPoint endPoint in listener.LocalEndPoints)
            reporter.Tell(new CliEvent(EventKind.Listening) { Address = $"{(endPoint is IPEndPoint ? listener.Address.WithEndPoint(endPoint) : listener.Address)}" });
        Talk talk = new(environment, settings, reporter);
        long number = 0;
        do
        {
            Connection connection = await AcceptAsync(listener, stop);

            // Nobody else is served: who comes now shall not wait in vain.
            if (!settings.KeepOpen)
                await listener.DisposeAsync();
            Ending ending = await talk.RunAsync(connection, ++number, stop);
            Report(ending);
        }
        while (settings.KeepOpen && !stop.IsCancellationRequested);
        return ExitCodes.Done;
    }

    private async Task<Connection> AcceptAsync(Listener listener, CancellationToken stop)
    {
        TimeProvider time = environment.Network.TimeProvider;
        using CancellationTokenSource limit = new(settings.Timeout ?? Timeout.InfiniteTimeSpan, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            return await listener.AcceptAsync(either.Token) ?? throw new OperationCanceledException(stop);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            throw new ProgramException(ExitCodes.TimedOut, $"nobody has connected to {listener.Address} within {Duration.Print(settings.Timeout!.Value)} (--timeout)");
        }
    }

    /// <summary>One client's trouble ends the program only if nobody comes after it.</summary>
    private void Report(Ending ending)
    {
        if (ending.Message is not { } message)
            return;
        if (ending.ExitCode != ExitCodes.Done && !settings.KeepOpen)
            throw new ProgramException(ending.ExitCode, message);
        reporter.Tell(new CliEvent(EventKind.Notice) { Message = message });
    }
}
