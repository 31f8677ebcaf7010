namespace Sockeye;

/// <summary>One entry of a <see cref="Network.Poll(Span{SocketPoll}, TimeSpan?)"/> call: a socket, what to wait for, and what was found.</summary>
public struct SocketPoll : IEquatable<SocketPoll>
{
    /// <summary>Asks for <paramref name="events"/> on <paramref name="socket"/>.</summary>
    public SocketPoll(NetworkSocket socket, SocketEvents events)
    {
        ArgumentNullException.ThrowIfNull(socket);
        Socket = socket;
        Events = events;
    }

    /// <summary>The socket.</summary>
    public NetworkSocket Socket { get; }

    /// <summary>What to wait for.</summary>
    public SocketEvents Events { get; }

    /// <summary>What was found: a part of <see cref="Events"/>, and <see cref="SocketEvents.Error"/> or <see cref="SocketEvents.HangUp"/> unasked.</summary>
    public SocketEvents Found { get; internal set; }

    /// <summary>Whether a receive or accept would not wait.</summary>
    public readonly bool IsReadable => (Found & SocketEvents.Readable) != 0;

    /// <summary>Whether a send would not wait, or a connect has ended.</summary>
    public readonly bool IsWritable => (Found & SocketEvents.Writable) != 0;

    /// <inheritdoc/>
    public readonly bool Equals(SocketPoll other) => Socket == other.Socket && Events == other.Events && Found == other.Found;

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is SocketPoll other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => HashCode.Combine(Socket, Events, Found);

    /// <summary>Whether both entries say the same.</summary>
    public static bool operator ==(SocketPoll left, SocketPoll right) => left.Equals(right);

    /// <summary>Whether the entries differ.</summary>
    public static bool operator !=(SocketPoll left, SocketPoll right) => !left.Equals(right);
}
