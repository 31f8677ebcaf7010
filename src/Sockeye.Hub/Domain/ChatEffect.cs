namespace Sockeye.Hub.Domain;

/// <summary>What the chat wants done.</summary>
internal abstract record ChatEffect
{
    private ChatEffect()
    {
    }

    /// <summary>Show one client something.</summary>
    public sealed record Show(IChatClient Client, ChatEvent Event) : ChatEffect;

    /// <summary>Show many clients the same.</summary>
    /// <param name="Clients">Who: as they are now, to be gone through before the chat is told more.</param>
    /// <param name="Event">What.</param>
    /// <param name="Except">Who of them not; null: all.</param>
    public sealed record ShowAll(IReadOnlyList<IChatClient> Clients, ChatEvent Event, IChatClient? Except) : ChatEffect;

    /// <summary>Ask the store.</summary>
    public sealed record Ask(StoreRequest Request) : ChatEffect;

    /// <summary>Tell every hub.</summary>
    public sealed record Publish(BusEvent Event) : ChatEffect;
}
