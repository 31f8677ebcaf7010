namespace Sockeye.Cli.Services.Chat;

/// <summary>Somebody in the room.</summary>
internal abstract class ChatMember
{
    /// <summary>Takes a message for sending. Never waits, because the whole room would; false: it cannot take it, and must leave.</summary>
    public abstract bool Deliver(ReadOnlyMemory<byte> message);

    /// <summary>Ends when little waits for this member: it has ended already if that is so now.</summary>
    public virtual Task CatchUp() => Task.CompletedTask;

    /// <summary>The room has put it out, because <see cref="Deliver"/> said false or it did not catch up.</summary>
    public abstract void PutOut();
}
