namespace Sockeye.Hub;

/// <summary>The hub's data cannot be used: a file is locked, damaged, of another program or newer than this one, or the disk is full.</summary>
public sealed class HubDataException : IOException
{
    /// <summary>Makes one.</summary>
    /// <param name="message">Which file, why, and what to do.</param>
    /// <param name="innerException">What was behind it.</param>
    public HubDataException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
