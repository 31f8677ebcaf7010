using System.IO.Pipelines;
using System.Net;

namespace Sockeye;

/// <summary>A connection that wraps another: TLS, a tap, faults. All members pass through; override what differs.</summary>
public abstract class DelegatingConnection : Connection
{
    /// <summary>Wraps <paramref name="inner"/>, which it owns.</summary>
    protected DelegatingConnection(Connection inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        Inner = inner;
    }

    /// <inheritdoc/>
    public override PipeReader Input => Inner.Input;

    /// <inheritdoc/>
    public override PipeWriter Output => Inner.Output;

    /// <inheritdoc/>
    public override NetworkSocket? Socket => Inner.Socket;

    /// <inheritdoc/>
    public override CancellationToken Closed => Inner.Closed;

    /// <inheritdoc/>
    public override EndPoint? LocalEndPoint => Inner.LocalEndPoint;

    /// <inheritdoc/>
    public override EndPoint? RemoteEndPoint => Inner.RemoteEndPoint;

    /// <inheritdoc/>
    public override ProxyHeader? ProxyHeader => Inner.ProxyHeader;

    /// <inheritdoc/>
    public override TimeSpan? HandshakeTime => Inner.HandshakeTime;

    /// <inheritdoc/>
    public override long BytesReceived => Inner.BytesReceived;

    /// <inheritdoc/>
    public override long BytesSent => Inner.BytesSent;

    /// <summary>The wrapped connection.</summary>
    protected Connection Inner { get; }

    /// <inheritdoc/>
    public override ValueTask HandshakeAsync(CancellationToken cancellationToken = default) => Inner.HandshakeAsync(cancellationToken);

    /// <inheritdoc/>
    public override TConnection? Layer<TConnection>()
        where TConnection : class => base.Layer<TConnection>() ?? Inner.Layer<TConnection>();

    /// <inheritdoc/>
    public override void Abort(Exception? reason = null) => Inner.Abort(reason);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Inner.DisposeAsync();
    }
}
