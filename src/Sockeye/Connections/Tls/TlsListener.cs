using System.Net;

namespace Sockeye;

/// <summary>A listener whose connections speak TLS. They shake hands when they are first used: a slow peer keeps nobody else waiting.</summary>
internal sealed class TlsListener(Listener inner, TlsServerOptions options, StreamOptions streamOptions) : Listener
{
    private IReadOnlyList<Listener>? _shards;

    public override Address Address => inner.Address;

    public override IReadOnlyList<EndPoint> LocalEndPoints => inner.LocalEndPoints;

    public override IReadOnlyList<Listener> Shards => _shards ??= inner.Shards is [var only] && only == inner
        ? [this]
        : [.. inner.Shards.Select(shard => new TlsListener(shard, options, streamOptions))];

    public override TimeProvider TimeProvider => inner.TimeProvider;

    public override async ValueTask<Connection?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await inner.AcceptAsync(cancellationToken).ConfigureAwait(false) is { } connection ? TlsConnection.CreateServer(connection, options, streamOptions) : null;

    public override ValueTask DisposeAsync() => inner.DisposeAsync();
}
