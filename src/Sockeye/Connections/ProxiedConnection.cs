using System.Buffers;
using System.IO.Pipelines;
using System.Net;

namespace Sockeye;

/// <summary>
/// An accepted connection that has to begin with a PROXY header. It is read at the first use, or by <see cref="HandshakeAsync"/>, once for all who wait
/// for it; from then on the wrapped connection's own reader and writer are used, and the end points are those that the header names.
/// </summary>
internal sealed class ProxiedConnection : DelegatingConnection
{
    private readonly ProxyVersions _accepted;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly HandshakeReader _input;
    private readonly HandshakeWriter _output;
    private Task? _handshake;
    private volatile ProxyHeader? _header;
    private EndPoint? _local;

    public ProxiedConnection(Connection inner, ProxyVersions accepted, TimeSpan timeout, TimeProvider time)
        : base(inner)
    {
        (_accepted, _timeout, _time) = (accepted, timeout, time);
        _input = new HandshakeReader(this, inner.Input);
        _output = new HandshakeWriter(this, inner.Output);
    }

    public override PipeReader Input => _header is null ? _input : Inner.Input;

    public override PipeWriter Output => _header is null ? _output : Inner.Output;

    public override ProxyHeader? ProxyHeader => _header;

    public override EndPoint? RemoteEndPoint => _header?.Source is { } source ? EndPoints.Unmap(source) : Inner.RemoteEndPoint;

    public override EndPoint? LocalEndPoint => _header?.Destination is { } destination ? EndPoints.Unmap(destination) : Inner.LocalEndPoint ?? _local;

    /// <summary>The connecting side: sends the header.</summary>
    /// <param name="connection">It is aborted when this throws.</param>
    /// <param name="version">One of the two.</param>
    /// <param name="header">For whom.</param>
    /// <param name="cancellationToken">Ends the wait, and the connection.</param>
    public static async ValueTask AnnounceAsync(Connection connection, ProxyVersions version, ProxyHeader header, CancellationToken cancellationToken)
    {
        try
        {
            header.Emit(version, connection.Output);
            await connection.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            connection.Abort();
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public override ValueTask HandshakeAsync(CancellationToken cancellationToken = default)
    {
        if (_header is not null)
            return Inner.HandshakeAsync(cancellationToken);
        lock (_lock)
            _handshake ??= ReadHeaderAsync().Observed();

        // Who gives up waiting ends nobody else's wait: what has come of the header stays where it is.
        return new ValueTask(_handshake.WaitAsync(cancellationToken));
    }

    /// <summary>Why it is aborted when the time for the handshake is up.</summary>
    public ProxyHeaderException TimedOut(TimeSpan timeout) =>
        new($"{Peer} sent no PROXY header within {HandshakeLimit.Seconds(timeout)}; it has to be a proxy that sends one, or remove ?proxy=");

    private async Task ReadHeaderAsync()
    {
        // Not under the caller's lock.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

        // Who is refused is told of when it is closed, and where it came to as well.
        _local = Inner.LocalEndPoint;
        using ITimer? limit = HandshakeLimit.Start(this, _timeout, _time);
        try
        {
            while (true)
            {
                ReadResult result = await Inner.Input.ReadAsync().ConfigureAwait(false);
                ReadOnlySequence<byte> bytes = result.Buffer;
                if (ProxyHeader.TryParse(bytes, _accepted, out ProxyHeader? header, out int length))
                {
                    Inner.Input.AdvanceTo(bytes.GetPosition(length));
                    _header = header;
                    return;
                }

                if (result.IsCompleted)
                    throw new ProtocolException($"ended after {bytes.Length} bytes, before its PROXY header");
                Inner.Input.AdvanceTo(bytes.Start, bytes.End);
            }
        }
        catch (ProtocolException e) when (e is not ProxyHeaderException)
        {
            throw Aborted(new ProxyHeaderException($"{Peer}: {e.Message}; it has to be a proxy that sends one, or remove ?proxy=", e));
        }
    }

    private string Peer => Inner.RemoteEndPoint?.ToString() is { Length: > 0 } name ? name : "the peer";

    private ProxyHeaderException Aborted(ProxyHeaderException reason)
    {
        Inner.Abort(reason);
        return reason;
    }
}
