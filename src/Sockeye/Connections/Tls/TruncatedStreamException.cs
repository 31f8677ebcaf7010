namespace Sockeye;

/// <summary>
/// The stream was cut short: the transport ended before the peer had ended the protocol above it, for TLS without its close_notify (RFC 8446, section 6.1).
/// What came before is whole, but nobody can tell whether it is all.
/// </summary>
public sealed class TruncatedStreamException : ProtocolException
{
    /// <summary>Creates the exception with a general message.</summary>
    public TruncatedStreamException()
        : base("The stream was cut short: the transport ended before the protocol above it did.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Whose stream, and what is missing.</param>
    /// <param name="innerException">What noticed it.</param>
    public TruncatedStreamException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
