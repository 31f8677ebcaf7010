using System.Net.Sockets;
using Sockeye.Cli.Output;

namespace Sockeye.Cli.Relaying;

/// <summary>One connection as the event lines know it: who, to where, and what became of it.</summary>
internal sealed class RelayedConnection(Connection client, long number, string target, long startedAt)
{
    private const string ResetToo = "the client was reset, so that it learns";

    private readonly string _address = Serving.Client.NameOf(client);
    private readonly string _peer = Serving.Client.Name(client.RemoteEndPoint, client.Socket);
    private Exception? _connectError;
    private RelayResult? _result;
    private bool _isRefusedByFault;

    /// <summary>The client's; null where it has none.</summary>
    public NetworkSocket? Socket { get; } = client.Socket;

    /// <summary>Whether the line only says what a view has drawn: an end in order, a reset, a fault, or that all stopped.</summary>
    public static bool IsSeen(CliEvent left) => left is { Reason: "ended" or "reset" or "target-reset" or "stopped", Message: null } or { Reason: "fault" };

    public void RefusedByFault() => _isRefusedByFault = true;

    public void Failed(Exception error) => _connectError = error;

    public void Ended(RelayResult result) => _result = result;

    public CliEvent Left(EndReason reason, Exception? error, TimeProvider time)
    {
        (string why, string? message) = Explain(reason, error);
        return new CliEvent(EventKind.Left)
        {
            Connection = number,
            Address = _address,
            Peer = _peer,
            Target = target,
            Bytes = _result?.First.Bytes ?? 0,
            Sent = _result?.Second.Bytes ?? 0,
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
        if (_isRefusedByFault)
            return ("fault", "refused by --fault");
        if (_connectError is { } connecting)
            return (WhyNotConnected(connecting), $"{connecting.Message}; {ResetToo}");
        return _result switch
        {
            { First: { End: RelayEnd.Failed, Error: { } client } } => Name(client, ""),
            { Second: { End: RelayEnd.Failed, Error: { } target } } => Name(target, "target-"),
            not null when error is null => ("ended", null),
            _ => ("error", error?.Message),
        };
    }

    private static string WhyNotConnected(Exception error) => error switch
    {
        SocketTimeoutException => "timeout",
        TlsException => "target-tls",
        ProtocolException => "target-error",
        _ => IsRefusal(error) ? "refused" : IsReset(error) ? "target-reset" : "unreachable",
    };

    /// <summary>What went wrong on one side.</summary>
    private static (string Why, string? Message) Name(Exception error, string side) => error switch
    {
        FaultException => ("fault", error.Message),
        TruncatedStreamException => ($"{side}cut", error.Message),
        _ when IsReset(error) => ($"{side}reset", null),
        _ => ($"{side}error", error.Message),
    };

    private static bool IsRefusal(Exception error) =>
        error is SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.AddressNotAvailable };

    private static bool IsReset(Exception error) =>
        error is SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown };
}
