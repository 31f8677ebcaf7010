namespace Sockeye;

/// <summary>The peer broke the protocol: what it sent is not a frame, or its stream ended within one.</summary>
/// <remarks>
/// Not an <see cref="IOException"/>: the network did its part, so a handler that forgives a lost connection
/// does not forgive a malformed one by accident. Our own mistakes are <see cref="ArgumentException"/>s.
/// </remarks>
public class ProtocolException : Exception
{
    /// <summary>Creates the exception with a general message.</summary>
    public ProtocolException()
        : base("The peer broke the protocol.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What the peer did, and what was expected.</param>
    public ProtocolException(string? message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    /// <param name="message">What the peer did, and what was expected.</param>
    /// <param name="innerException">What noticed it.</param>
    public ProtocolException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
