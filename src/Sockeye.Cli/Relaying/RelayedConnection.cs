using System.Net.Sockets;
using Sockeye.Cli.Output;

namespace Sockeye.Cli.Relaying;

/// <summary>One connection as the event lines know it: who, to where, and what became of it.</summary>
internal sealed class RelayedConnection(long number, long startedAt)
{
    private const string ResetToo = "the client was reset, so that it learns";

    private Exception? _connectError;
    private RelayResult? _result;

    public long Number => number;

    public string Address { get; private set; } = "";

    public string Peer { get; private set; } = "";

    public string Target { get; set; } = "";

    /// <summary>Who it is: known when it is accepted, and better after the handshake, when a proxy in front has said for whom it speaks.</summary>
    public void Identify(Connection client)
    {
        Address = Serving.Client.Name(client.LocalEndPoint, client.Socket);
        Peer = Serving.Client.Name(client.RemoteEndPoint, client.Socket);
    }

    public void Failed(Exception error) => _connectError = error;

    public void Ended(RelayResult result) => _result = result;

    public CliEvent Left(EndReason reason, Exception? error, TimeProvider time)
    {
        (string why, string? message) = Explain(reason, error);
        return new CliEvent(EventKind.Left)
        {
            Connection = number,
            Address = Address,
            Peer = Peer,
            Target = Target,
            Bytes = _result?.First.Bytes ?? 0,
            BytesBack = _result?.Second.Bytes ?? 0,
            Duration = time.GetElapsedTime(startedAt),
            Reason = why,
            Message = message,
        };
    }

    private (string Why, string? Message) Explain(EndReason reason, Exception? error)
    {
        if (reason == EndReason.Idle)
            return ("idle", null);
        if (reason == EndReason.DrainTimeout)
            return ("aborted", "not finished within the time to drain");
        if (_connectError is { } connecting)
            return (connecting is SocketTimeoutException ? "timeout" : IsRefusal(connecting) ? "refused" : IsReset(connecting) ? "target-reset" : "unreachable", $"{connecting.Message}; {ResetToo}");
        return _result switch
        {
            { First: { End: RelayEnd.Failed, Error: { } client } } => IsReset(client) ? ("reset", null) : ("error", client.Message),
            { Second: { End: RelayEnd.Failed, Error: { } target } } => (IsReset(target) ? "target-reset" : "target-error", IsReset(target) ? null : target.Message),
            not null when error is null => ("ended", null),
            _ => ("error", error?.Message),
        };
    }

    private static bool IsRefusal(Exception error) =>
        error is SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.AddressNotAvailable };

    private static bool IsReset(Exception error) =>
        error is SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown };
}
