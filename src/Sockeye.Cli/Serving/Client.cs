using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Sockeye.Cli.Output;
using Sockeye.Cli.Services;
using Sockeye.Cli.Talking;

namespace Sockeye.Cli.Serving;

/// <summary>One connection as the event lines know it: its number, its names, and what happened on it so far.</summary>
internal sealed class Client : SocketObserver
{
    private readonly Connection _connection;
    private readonly TimeProvider _time;
    private readonly EventLog _log;
    private readonly long _startedAt;
    private readonly string _address;
    private readonly string _peer;
    private readonly bool _isTls;
    private readonly WebSocketConnection? _socket;
    private long _bytes;
    private long _said;
    private bool _peerEnded;
    private bool _wasReset;

    public Client(Connection connection, long number, TimeProvider time, EventLog log)
    {
        (_connection, _time, _log) = (connection, time, log);
        _startedAt = time.GetTimestamp();
        _isTls = connection.Layer<TlsConnection>() is not null;
        _socket = connection.Layer<WebSocketConnection>();
        Number = number;
        _address = NameOf(connection);
        _peer = Name(connection.RemoteEndPoint, connection.Socket);
        if (connection.Socket is { } socket)
            socket.Observer = Combine(socket.Observer, this);
    }

    public long Number { get; }

    /// <summary>The client by its messages; null for one that is no WebSocket.</summary>
    public WebSocketPeer? Messages => _socket is null ? null : new WebSocketPeer(_socket, Heard, length => _said += length);

    /// <summary>Whether the service has returned, and only the closing is left.</summary>
    public bool IsServed { get; private set; }

    public CliEvent Event(EventKind kind) => new(kind) { Connection = Number, Address = _address, Peer = _peer };

    public override void Received(NetworkSocket socket, ReadOnlySpan<byte> data, SocketAddress? remote)
    {
        if (!_isTls && _socket is null)
            Received(data, messageType: null);
    }

    public override void Decrypted(NetworkSocket socket, ReadOnlySpan<byte> data)
    {
        if (_socket is not null)
            return;
        if (data.IsEmpty)
            _peerEnded |= !IsServed;
        else
            Received(data, messageType: null);
    }

    public override void HalfClosed(NetworkSocket socket, bool byPeer) => _peerEnded |= byPeer && !IsServed && !_isTls && _socket is null;

    public override void Reset(NetworkSocket socket) => _wasReset = true;

    /// <summary>The service has returned, and only the closing is left. One whose WebSocket's Close has not come is told that the server goes, if it stops.</summary>
    public async ValueTask EndServingAsync(bool isStopping, CancellationToken cancellationToken)
    {
        IsServed = true;
        _peerEnded |= _socket?.CloseStatus is not null;
        if (isStopping && !_peerEnded && _socket is not null)
            await WebSocketEnding.GoAwayAsync(_socket, cancellationToken);
    }

    /// <summary>The event that it has left, and why.</summary>
    public CliEvent Left(EndReason reason, Exception? error, bool isStopping)
    {
        (string why, string? message) = reason switch
        {
            EndReason.Idle => ("idle", null),
            EndReason.DrainTimeout when !IsServed => ("aborted", "not finished within the time to drain"),
            EndReason.HandlerError => Describe(error!),
            _ when _wasReset && _socket?.CloseStatus is null => ("reset", null),
            _ when _peerEnded => ("ended", _socket is null ? null : WebSocketEnding.Explain(_socket)),
            _ when isStopping => ("drained", null),
            _ => ("closed", (string?)null),
        };
        return WebSocketEnding.Describe(_connection, Event(EventKind.Left) with
        {
            Reason = why,
            Message = message,
            Bytes = _bytes,
            Sent = _socket is null ? _connection.BytesSent : _said,
            Duration = _time.GetElapsedTime(_startedAt),
        });
    }

    public static byte[] Preview(ReadOnlySpan<byte> data) => data[..Math.Min(data.Length, CliEvent.PreviewBytesMax)].ToArray();

    /// <summary>Our end of a connection, by the scheme it was reached by.</summary>
    public static string NameOf(Connection connection) => Name(connection.LocalEndPoint, connection);

    /// <summary>The server's end of a connection that we made, by the scheme it was reached by.</summary>
    public static string NameOfServer(Connection connection) => Name(connection.RemoteEndPoint, connection);

    private static string Name(EndPoint? endPoint, Connection connection)
    {
        const string Plain = "tcp://";
        string name = Name(endPoint, connection.Socket);
        bool isTls = connection.Layer<TlsConnection>() is not null;
        string? scheme = connection.Layer<WebSocketConnection>() is not null ? isTls ? "wss" : "ws" : isTls ? "tls" : null;
        return scheme is not null && name.StartsWith(Plain, StringComparison.Ordinal) ? $"{scheme}://{name[Plain.Length..]}" : name;
    }

    /// <summary>The version of TLS that a connection speaks, "1.3"; null for plain ones.</summary>
    public static string? TlsVersion(Connection connection) => connection.Layer<TlsConnection>()?.Protocol switch
    {
        null => null,
        SslProtocols.Tls13 => "1.3",
        SslProtocols.Tls12 => "1.2",
        { } other => other.ToString(),
    };

    /// <summary>An end point as addresses are written; what cannot be written so, as it prints.</summary>
    public static string Name(EndPoint? endPoint, NetworkSocket? socket)
    {
        if (endPoint is null)
            return "(unnamed)"; // a Unix socket that was never bound
        try
        {
            return Sockeye.Address.FromEndPoint(EndPoints.Unmap(endPoint), socket?.SocketType ?? SocketType.Stream).ToString();
        }
        catch (ArgumentException)
        {
            return endPoint.ToString() ?? "(unnamed)";
        }
    }

    private void Heard(WebSocketMessage message) => Received(message.Bytes.Span, WebSocketEnding.NameOf(message.Type));

    private void Received(ReadOnlySpan<byte> data, string? messageType)
    {
        _bytes += data.Length;

        // Once the service is done, what still comes is only read so that closing resets nothing.
        if (_log.IsOn && !IsServed)
            _log.Write(Event(EventKind.Received) with { Bytes = data.Length, Preview = Preview(data), MessageType = messageType });
    }

    private (string Why, string? Message) Describe(Exception error) => error switch
    {
        Services.Chat.SlowMemberException => ("slow", error.Message),
        SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown } => ("reset", null),
        _ when _wasReset => ("reset", null),
        TruncatedStreamException => ("cut", error.Message),
        SocketTimeoutException => ("idle", error.Message),
        _ => ("error", error.Message),
    };
}
