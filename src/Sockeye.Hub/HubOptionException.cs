namespace Sockeye.Hub;

/// <summary>One of <see cref="HubOptions"/> cannot be.</summary>
public sealed class HubOptionException : ArgumentException
{
    /// <summary>Makes one.</summary>
    /// <param name="option">The name of the property; of one within another, the way to it: <c>Limits.Chat.MessageBytesMax</c>.</param>
    /// <param name="reason">Why it cannot be, and what to try, as what follows a colon.</param>
    /// <param name="innerException">What was behind it.</param>
    public HubOptionException(string option, string reason, Exception? innerException = null)
        : base($"{option}: {reason}", innerException) => (Option, Reason) = (option, reason);

    /// <summary>The name of the property of <see cref="HubOptions"/>; of one within another, the way to it: <c>Limits.Chat.MessageBytesMax</c>.</summary>
    public string Option { get; }

    /// <summary>Why it cannot be, and what to try.</summary>
    public string Reason { get; }
}
