namespace Sockeye;

/// <summary>TLS failed, or the peer is not to be trusted. The message says who, why, and what to try, in one line.</summary>
public sealed class TlsException : ProtocolException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="failure">Why.</param>
    /// <param name="message">Who, why, and what to try.</param>
    /// <param name="innerException">What the platform said.</param>
    public TlsException(TlsFailure failure, string message, Exception? innerException = null)
        : base(message, innerException) => Failure = failure;

    /// <summary>Why.</summary>
    public TlsFailure Failure { get; }
}
