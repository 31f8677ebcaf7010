using System.Threading.Channels;

namespace Sockeye;

/// <summary>Accepts from all shards of a listener side by side, for Kestrel, which has one loop for a listener. Nothing waits here: a loop goes on when its connection was taken.</summary>
internal sealed class ShardedAccepting
{
    private readonly Channel<Connection> _accepted = Channel.CreateBounded<Connection>(1);

    /// <param name="shards">Of one listener. Stopped, they give null.</param>
    /// <param name="accept">Accepts from one of them.</param>
    public ShardedAccepting(IReadOnlyList<Listener> shards, Func<Listener, CancellationToken, ValueTask<Connection?>> accept) => _ = RunAsync(shards, accept);

    /// <summary>Null once all shards were stopped, and what they had accepted was taken.</summary>
    public async ValueTask<Connection?> AcceptAsync(CancellationToken cancellationToken)
    {
        while (await _accepted.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_accepted.Reader.TryRead(out Connection? connection))
                return connection;
        }

        return null;
    }

    /// <summary>Closes what nobody took.</summary>
    public async ValueTask CloseAsync()
    {
        while (await AcceptAsync(CancellationToken.None).ConfigureAwait(false) is { } connection)
        {
            connection.Abort();
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task RunAsync(IReadOnlyList<Listener> shards, Func<Listener, CancellationToken, ValueTask<Connection?>> accept)
    {
        Exception? failure = null;
        try
        {
            await Task.WhenAll(shards.Select(shard => RunAsync(shard, accept))).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            failure = e;
        }

        _accepted.Writer.TryComplete(failure);
    }

    private async Task RunAsync(Listener shard, Func<Listener, CancellationToken, ValueTask<Connection?>> accept)
    {
        while (await accept(shard, CancellationToken.None).ConfigureAwait(false) is { } connection)
            await _accepted.Writer.WriteAsync(connection).ConfigureAwait(false);
    }
}
