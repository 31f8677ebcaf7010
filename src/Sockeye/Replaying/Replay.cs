namespace Sockeye;

/// <summary>Plays recorded connections back, as either side, and compares what the peer answers.</summary>
public static class Replay
{
    /// <summary>
    /// Plays one side of a recording over a connection. Each turn is sent when the peer has said as much as it had when it was recorded. It ends with the recording, or
    /// at the first difference, and then aborts the connection.
    /// </summary>
    /// <param name="connection">To the peer; nothing was read from it yet. It remains the caller's to dispose.</param>
    /// <param name="transcript">The recording.</param>
    /// <param name="asClient">Plays the client, so that the peer is compared with the server; false: the other way round.</param>
    /// <param name="options">How, and what is compared.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What came of it. A peer that fails or goes away is a difference, no exception.</returns>
    /// <exception cref="ArgumentException">The recording has gaps, the options need a codec, or the recorded answers are no frames of it.</exception>
    public static async Task<ReplayResult> RunAsync(
        Connection connection, Transcript transcript, bool asClient, ReplayOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(transcript);
        if (transcript.Gaps.Count > 0)
        {
            TranscriptGap gap = transcript.Gaps[0];
            throw new ArgumentException(
                $"The recording lacks {gap.Length} bytes that the {(gap.FromClient ? "client" : "server")} sent after {gap.Offset}: what it said cannot be played back.", nameof(transcript));
        }

        ReplaySession session = new(connection, transcript, asClient, options ?? ReplayOptions.Default);
        return await session.RunAsync(cancellationToken).ConfigureAwait(false);
    }
}
