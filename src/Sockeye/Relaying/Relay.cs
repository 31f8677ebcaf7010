namespace Sockeye;

/// <summary>
/// Joins two connections: what one sends, the other gets. Each direction goes on its own, and ends on its own: FIN is passed on as FIN while the other
/// direction goes on, and a reset as a reset. Nothing is buffered here: while one side does not take, the other is not read, so its peer's sending stalls.
/// </summary>
public static class Relay
{
    /// <summary>Relays until both sides have ended, or one has failed. The connections remain the caller's to dispose of.</summary>
    /// <remarks>
    /// When a side fails, the other is aborted at once, unless the failed one had ended its stream before: then all of its data may still be on the way to the
    /// other's peer, where a reset would destroy it. That side is left to be closed in order by <see cref="Connection.DisposeAsync"/>.
    /// Between SEQPACKET sockets messages stay whole; an empty one, which a byte stream cannot show, is dropped.
    /// </remarks>
    /// <param name="first">One connection.</param>
    /// <param name="second">The other; of any kind, on any network.</param>
    /// <param name="cancellationToken">Aborts both.</param>
    /// <returns>What was passed on and how each side ended. What the peers did is told here, never thrown.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<RelayResult> RunAsync(Connection first, Connection second, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first == second)
            throw new ArgumentException("A connection is not relayed to itself.", nameof(second));
        RelayPair pair = new(first, second);
        await using (cancellationToken.UnsafeRegister(static (state, token) => ((RelayPair)state!).Abort(new OperationCanceledException(token)), pair).ConfigureAwait(false))
            await pair.RunAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return pair.Result;
    }
}
