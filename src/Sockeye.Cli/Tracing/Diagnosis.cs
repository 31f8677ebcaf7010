using System.Net.Sockets;
using Sockeye.Cli.Commands;
using Sockeye.Cli.Talking;

namespace Sockeye.Cli.Tracing;

/// <summary>Why it failed, as far as the trace knows more than the error does.</summary>
internal static class Diagnosis
{
    /// <summary>The failure to end with: the same one, or one that says more.</summary>
    public static Exception Of(Exception error, Address address, TraceObserver observer, ProtocolWatch watch, TraceSettings settings) => error switch
    {
        SocketTimeoutException when observer.IsConnected => new ProgramException(
            ExitCodes.TimedOut,
            $"{address} took the connection and then said nothing within {Duration.Print(settings.Timeout)} (--timeout): it may not speak {Spoken(address)}; try tcp://"),
        SocketTimeoutException or SocketException { SocketErrorCode: SocketError.TimedOut } when address.SocketType == SocketType.Stream => new ProgramException(
            ExitCodes.TimedOut,
            $"no answer from {address} within {Duration.Print(settings.Timeout)} (--timeout): the host is down, or a firewall drops what is sent to it; where only nothing listened it would refuse"),
        SocketException e when observer.WasReset || (observer.IsConnected && IsReset(e)) => new ProgramException(
            ExitCodes.Reset,
            watch.FindOther() ?? watch.ExplainSilence() ?? $"{address} reset the connection, and what was on its way is lost"),
        _ => error,
    };

    private static bool IsReset(SocketException error) => error.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted;

    private static string Spoken(Address address) => address.Scheme is "ws" ? "WebSocket" : "TLS";
}
