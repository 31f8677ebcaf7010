namespace Sockeye;

/// <summary>The PROXY header that <c>?proxy=</c> on the listener's address asks for did not come, came too late, or is none.</summary>
public sealed class ProxyHeaderException : ProtocolException
{
    /// <summary>Creates the exception with a general message.</summary>
    public ProxyHeaderException()
        : base("No PROXY header came.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Who sent what instead, and what to try.</param>
    public ProxyHeaderException(string? message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    /// <param name="message">Who sent what instead, and what to try.</param>
    /// <param name="innerException">What noticed it.</param>
    public ProxyHeaderException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
