namespace Sockeye.Hub.Domain;

/// <summary>What was said, once it is on disk. One object goes to everybody, so that each way of writing it is made once.</summary>
/// <param name="conversation">Where it was said.</param>
/// <param name="number">The store's number: 1, 2, 3, … within the conversation, without gaps.</param>
/// <param name="author">Who said it.</param>
/// <param name="authorName">The author's name at that time.</param>
/// <param name="text">What was said: one line or several, without control characters but LF.</param>
/// <param name="at">When the hub took it.</param>
internal sealed class Message(Conversation conversation, long number, MemberId author, string authorName, string text, DateTimeOffset at)
{
    private object?[] _encoded = [];

    /// <summary>Where it was said.</summary>
    public Conversation Conversation { get; } = conversation;

    /// <summary>1, 2, 3, … within the conversation, without gaps.</summary>
    public long Number { get; } = number;

    /// <summary>Who said it.</summary>
    public MemberId Author { get; } = author;

    /// <summary>The author's name at that time.</summary>
    public string AuthorName { get; } = authorName;

    /// <summary>What was said.</summary>
    public string Text { get; } = text;

    /// <summary>When the hub took it.</summary>
    public DateTimeOffset At { get; } = at;

    /// <summary>This message as a gateway writes it, made by the first who asks and kept for all others.</summary>
    /// <param name="dialect">How it is written; a gateway makes its dialects once.</param>
    public T As<T>(Dialect<T> dialect)
        where T : class
    {
        object?[] encoded = Volatile.Read(ref _encoded);
        if (dialect.Slot < encoded.Length && encoded[dialect.Slot] is T known)
            return known;
        T made = dialect.Encode(this);
        if (dialect.Slot >= encoded.Length)
            Array.Resize(ref encoded, dialect.Slot + 1);

        // Two who ask at once both make it, and one array is lost: what is in either is right.
        encoded[dialect.Slot] = made;
        Volatile.Write(ref _encoded, encoded);
        return made;
    }
}
