namespace Sockeye.Cli.Services.Chat;

/// <summary>Somebody in the room.</summary>
internal abstract class ChatMember
{
    /// <summary>Takes a message for sending. Never waits, because the whole room would; false: it cannot take it, and must leave.</summary>
    public abstract bool Deliver(ReadOnlyMemory<byte> message);

    /// <summary>The room has put it out, because <see cref="Deliver"/> said false.</summary>
    public abstract void PutOut();
}
