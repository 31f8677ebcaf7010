namespace Sockeye.Hub.Domain;

/// <summary>One way of writing a message, so that it is written once for everybody who reads it that way.</summary>
/// <typeparam name="T">What a message becomes, such as bytes.</typeparam>
/// <param name="encode">Writes a message; pure.</param>
internal sealed class Dialect<T>(Func<Message, T> encode)
    where T : class
{
    internal int Slot { get; } = DialectSlots.Take();

    internal T Encode(Message message) => encode(message);
}
