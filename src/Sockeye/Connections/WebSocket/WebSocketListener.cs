using System.Net;

namespace Sockeye;

/// <summary>A listener whose connections speak WebSocket; each shakes hands by itself, when it is first used.</summary>
internal sealed class WebSocketListener : Listener
{
    private readonly Listener _inner;
    private readonly ListenerOptions _options;

    public WebSocketListener(Listener inner, ListenerOptions options)
    {
        _inner = inner;
        _options = options;
        Shards = inner.Shards.Count == 1 ? [this] : [.. inner.Shards.Select(shard => new WebSocketListener(shard, options))];
    }

    public override Address Address => _inner.Address;

    public override IReadOnlyList<EndPoint> LocalEndPoints => _inner.LocalEndPoints;

    public override IReadOnlyList<Listener> Shards { get; }

    public override TimeProvider TimeProvider => _inner.TimeProvider;

    public override async ValueTask<Connection?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _inner.AcceptAsync(cancellationToken).ConfigureAwait(false) is { } connection
            ? WebSocketConnection.Accept(connection, _options, Address.Path)
            : null;

    public override ValueTask DisposeAsync() => _inner.DisposeAsync();
}
