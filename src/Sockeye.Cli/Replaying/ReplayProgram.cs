namespace Sockeye.Cli.Replaying;

/// <summary>Plays recorded connections one after the other, to a server or to the clients that come.</summary>
internal sealed class ReplayProgram(Network network, ReplaySettings settings, ReplayReport report)
{
    /// <returns>The exit code: 1 where one was answered otherwise.</returns>
    /// <exception cref="System.Net.Sockets.SocketException">The server cannot be reached, or the address not listened on.</exception>
    public async Task<int> RunAsync(IReadOnlyList<Transcript> transcripts, CancellationToken stop)
    {
        await using Listener? listener = settings.AsServer is { } local ? await network.ListenAsync(local, stop) : null;
        if (listener is not null)
            report.Listening(listener.Address);
        bool isSame = true;
        foreach (Transcript transcript in transcripts)
        {
            Connection? connection = listener is null
                ? await network.ConnectAsync(settings.To!, settings.Connector, stop)
                : await listener.AcceptAsync(stop);
            if (connection is null)
                break;
            await using (connection)
            {
                ReplayResult result = await PlayAsync(connection, transcript, stop);
                report.Played(transcript, result);
                isSame &= result.Difference is null;
            }
        }

        return isSame ? ExitCodes.Done : ExitCodes.NetworkFailed;
    }

    private async Task<ReplayResult> PlayAsync(Connection connection, Transcript transcript, CancellationToken stop)
    {
        try
        {
            return await Replay.RunAsync(connection, transcript, asClient: settings.To is not null, settings.Replay, stop);
        }
        catch (ArgumentException e)
        {
            // Whether the recording has such frames is only seen when they are looked for.
            throw new ProgramException(ExitCodes.WrongUsage, $"connection {transcript.Number}: {e.Message}");
        }
    }
}
