using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Sockeye.Tests.Serving;

/// <summary>A listener that yields what a test offers: connections, errors, and its end.</summary>
internal sealed class OfferedListener(TimeProvider? clock = null) : Listener
{
    private static int Last;

    private readonly Channel<object> _offers = Channel.CreateUnbounded<object>();
    private readonly HostNetwork _network = new(clock);

    public Exception? DisposeError { get; init; }

    public bool IsDisposed { get; private set; }

    /// <summary>Its own, by which what it measures is told from others'.</summary>
    public override Address Address { get; } = $"unix:///offered-{Interlocked.Increment(ref Last)}";

    public override IReadOnlyList<EndPoint> LocalEndPoints => [];

    public override TimeProvider TimeProvider => _network.TimeProvider;

    /// <summary>Offers one end of a pair and returns the other; the offered one wrapped if the test wants so.</summary>
    public Connection Offer(Func<Connection, Connection>? wrap = null)
    {
        (NetworkSocket first, NetworkSocket second) = _network.CreatePair();
        Connection offered = _network.CreateConnection(first);
        _offers.Writer.TryWrite(wrap?.Invoke(offered) ?? offered);
        return Network.Host.CreateConnection(second, new StreamOptions { LingerTimeout = TimeSpan.Zero });
    }

    public void Offer(Connection connection) => _offers.Writer.TryWrite(connection);

    public void Fail(Exception error) => _offers.Writer.TryWrite(error);

    public void Fail(SocketError error) => Fail(new SocketException((int)error));

    public override async ValueTask<Connection?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        if (!await _offers.Reader.WaitToReadAsync(cancellationToken) || !_offers.Reader.TryRead(out object? offer))
            return null;
        return offer as Connection ?? throw (Exception)offer;
    }

    public override ValueTask DisposeAsync()
    {
        IsDisposed = true;
        _offers.Writer.TryComplete();
        return DisposeError is { } error ? ValueTask.FromException(error) : ValueTask.CompletedTask;
    }
}
