namespace Sockeye;

/// <summary>Why a server closed a connection at once instead of serving it.</summary>
public enum RefusalReason
{
    /// <summary><see cref="ServerOptions.ConnectionLimit"/> connections are being served.</summary>
    ConnectionLimit,

    /// <summary>The peer's address has <see cref="ServerOptions.ConnectionLimitPerAddress"/> connections.</summary>
    ConnectionLimitPerAddress,

    /// <summary><see cref="ServerOptions.Verify"/> said no, or threw.</summary>
    Verify,
}
