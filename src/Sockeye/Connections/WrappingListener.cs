using System.Net;

namespace Sockeye;

/// <summary>A listener whose connections are wrapped: by the protocols that its address asks for.</summary>
internal sealed class WrappingListener : Listener
{
    private readonly Listener _inner;
    private readonly Func<Connection, Connection> _wrap;

    public WrappingListener(Listener inner, Func<Connection, Connection> wrap)
    {
        (_inner, _wrap) = (inner, wrap);
        Shards = inner.Shards is [{ } only] && only == inner ? [this] : [.. inner.Shards.Select(shard => new WrappingListener(shard, wrap))];
    }

    public override Address Address => _inner.Address;

    public override IReadOnlyList<EndPoint> LocalEndPoints => _inner.LocalEndPoints;

    public override IReadOnlyList<Listener> Shards { get; }

    public override TimeProvider TimeProvider => _inner.TimeProvider;

    public override async ValueTask<Connection?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _inner.AcceptAsync(cancellationToken).ConfigureAwait(false) is { } connection ? _wrap(connection) : null;

    public override ValueTask DisposeAsync() => _inner.DisposeAsync();
}
