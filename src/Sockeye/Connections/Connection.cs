using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// A connected byte stream as a duplex pipe. Each direction ends by itself: completing <see cref="Output"/> sends FIN and <see cref="Input"/>
/// goes on until the peer ends. Reading pulls and flushing waits for the network, so a slow side slows the other.
/// </summary>
/// <remarks>
/// One reader and one writer at a time; they may be on different threads. <see cref="Abort"/> and <see cref="DisposeAsync"/> may come at any time.
/// Cancelling a read loses no bytes; cancelling a flush leaves the unsent bytes for the next.
/// </remarks>
public abstract class Connection : IDuplexPipe, IAsyncDisposable
{
    /// <summary>
    /// What the peer sends. A read is completed (<see cref="ReadResult.IsCompleted"/>) when the peer has ended its side.
    /// It throws <see cref="SocketException"/> when the connection fails.
    /// </summary>
    public abstract PipeReader Input { get; }

    /// <summary>
    /// What goes to the peer, on flushing. Completing it flushes and sends FIN; completing it with an exception aborts (RST).
    /// It throws <see cref="SocketException"/> when the connection fails.
    /// </summary>
    public abstract PipeWriter Output { get; }

    /// <summary>The socket below, for options, end points and counters; its data calls throw. Null where there is none.</summary>
    public abstract NetworkSocket? Socket { get; }

    /// <summary>Fires when the connection was closed here, in order or by <see cref="Abort"/>.</summary>
    public abstract CancellationToken Closed { get; }

    /// <summary>This side's end point.</summary>
    public virtual EndPoint? LocalEndPoint => Socket?.LocalEndPoint;

    /// <summary>
    /// The peer's end point. An IPv4 peer of a dual-stack listener has its plain IPv4 address. After the end it is known only if it was asked for before.
    /// </summary>
    public virtual EndPoint? RemoteEndPoint => Socket?.RemoteEndPoint is { } remote ? EndPoints.Unmap(remote) : null;

    /// <summary>
    /// What the proxy in front said (<c>?proxy=</c> on the listener's address), once the handshake is done; else null. <see cref="RemoteEndPoint"/> and
    /// <see cref="LocalEndPoint"/> are already those of the proxy's client then.
    /// </summary>
    public virtual ProxyHeader? ProxyHeader => null;

    /// <summary>How long connecting took on the network's clock; null for accepted connections.</summary>
    public virtual TimeSpan? HandshakeTime => Socket?.HandshakeTime;

    /// <summary>The bytes received so far.</summary>
    public virtual long BytesReceived => Socket?.BytesReceived ?? 0;

    /// <summary>The bytes sent so far.</summary>
    public virtual long BytesSent => Socket?.BytesSent ?? 0;

    /// <summary>
    /// Finishes what the protocols above the socket (TLS, WebSocket) have to agree on before bytes pass. A connection that was made by connecting has
    /// done so; an accepted one does so here, or when it is first read or flushed. Nothing to do on a plain connection. Idempotent.
    /// </summary>
    /// <exception cref="ProtocolException">The peer speaks another protocol.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The connection failed meanwhile.</exception>
    public virtual ValueTask HandshakeAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    /// <summary>
    /// The protocol of that type in this connection: itself, or one that it wraps. <c>Layer&lt;TlsConnection&gt;()</c> finds the TLS below a WebSocket. Null if
    /// there is none.
    /// </summary>
    public virtual TConnection? Layer<TConnection>()
        where TConnection : Connection => this as TConnection;

    /// <summary>Ends both directions at once, with RST where the network has one. Idempotent, from any thread.</summary>
    /// <param name="reason">What reads and flushes under way throw; null for a <see cref="SocketException"/> that says it was aborted.</param>
    public abstract void Abort(Exception? reason = null);

    /// <summary>
    /// A stream over the connection: zero bytes read are the peer's end, disposing it disposes the connection. Its errors are
    /// <see cref="IOException"/>s around the <see cref="SocketException"/>, or around the reason of an abort. Its plain calls wait in the system on a plain
    /// connection: closing ends them, but <see cref="PipeReader.CancelPendingRead"/> and <see cref="PipeWriter.CancelPendingFlush"/> do so only at the next byte.
    /// </summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The caller owns it.")]
    public virtual Stream AsStream() => new ConnectionStream(this);

    /// <summary>
    /// Gives the socket back and with it what was received but not consumed. The connection is closed then, without a word to the peer: nothing that
    /// is done to it later touches the socket.
    /// </summary>
    /// <exception cref="InvalidOperationException">There are unsent bytes: flush first.</exception>
    /// <exception cref="NotSupportedException">The connection does not own a socket of its own (TLS, wrappers).</exception>
    public virtual DetachedConnection Detach() => throw new NotSupportedException("This kind of connection cannot give its socket back.");

    /// <summary>
    /// Closes in order: flushes, sends FIN, reads what the peer still sends until it ends or <see cref="StreamOptions.LingerTimeout"/> passes,
    /// and only then closes, because closing with unread input would reset the connection and destroy what is still on the way. If the network has
    /// not taken all by then, it aborts: the peer shall not take a part for the whole. A write under way is finished first. Idempotent.
    /// </summary>
    public abstract ValueTask DisposeAsync();
}
