namespace Sockeye;

/// <summary>A server's counters at one moment.</summary>
/// <param name="Active">Connections being served now.</param>
/// <param name="Accepted">Connections accepted so far, refused ones too.</param>
/// <param name="RefusedByLimit">Closed at once because of <see cref="ServerOptions.ConnectionLimit"/>.</param>
/// <param name="RefusedByAddressLimit">Closed at once because of <see cref="ServerOptions.ConnectionLimitPerAddress"/>.</param>
/// <param name="RefusedByVerify">Closed at once because <see cref="ServerOptions.Verify"/> refused or threw.</param>
/// <param name="HandshakeFailures">Connections that failed to shake hands, or not in time.</param>
/// <param name="HandlerErrors">Connections whose handler threw.</param>
/// <param name="IdleTimeouts">Connections aborted because they were idle.</param>
/// <param name="DrainTimeouts">Connections aborted because they outlasted the drain.</param>
/// <param name="AcceptErrors">Times that accepting failed and paused.</param>
/// <param name="CallbackErrors">What <see cref="ServerOptions.OnError"/> was told of.</param>
public readonly record struct ServerStatistics(
    int Active,
    long Accepted,
    long RefusedByLimit,
    long RefusedByAddressLimit,
    long RefusedByVerify,
    long HandshakeFailures,
    long HandlerErrors,
    long IdleTimeouts,
    long DrainTimeouts,
    long AcceptErrors,
    long CallbackErrors);
