namespace Sockeye.Cli.Services.Chat;

/// <summary>Somebody in the room.</summary>
internal abstract class ChatMember
{
    /// <summary>Takes a message for sending. Never waits, because the whole room would; false: it cannot take it, and must leave.</summary>
    public abstract bool Deliver(ReadOnlyMemory<byte> message);

    /// <summary>How many bytes wait for this member; the network holds what it took of others.</summary>
    public virtual long WaitingBytes => 0;

    /// <summary>Ends when no more than <paramref name="waitingBytes"/> wait for this member: it has ended already if that is so now.</summary>
    public virtual Task CatchUp(long waitingBytes) => Task.CompletedTask;

    /// <summary>The room has put it out, because <see cref="Deliver"/> said false or it did not catch up.</summary>
    public abstract void PutOut();
}
