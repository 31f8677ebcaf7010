namespace Sockeye;

/// <summary>
/// The place of an event that is known only when a call has returned: where the call began, before whatever came of it. What another thread is told meanwhile stands behind it.
/// </summary>
internal sealed class EventPlace
{
    /// <summary>For what there was no room when it began.</summary>
    public static EventPlace Refused { get; } = new() { IsOpen = false };

    /// <summary>When the call began.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>Which place it is, where places are counted.</summary>
    public long Order { get; init; }

    /// <summary>Nobody has told yet where the socket is bound and what it is connected to: this event does.</summary>
    public bool TellsEnds { get; init; }

    /// <summary>It waits for its event. False: that is here, or it came to nothing, or was not waited for any longer.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>What came of the call.</summary>
    public SocketEvent? Event { get; private set; }

    /// <summary>What it came to; null: nothing.</summary>
    public void Close(SocketEvent? happened) => (IsOpen, Event) = (false, happened);
}
