using System.Net;

namespace Sockeye;

/// <summary>What has arrived at a socket and was not received yet: bytes, or whole messages with their senders.</summary>
internal sealed class MemoryInbox(bool wholeMessages)
{
    /// <summary>What a message costs beside its bytes, so that empty ones are bounded too.</summary>
    private const int MessageCost = 64;

    private readonly MemoryPipe _bytes = new();
    private readonly Queue<Message>? _messages = wholeMessages ? new Queue<Message>() : null;

    public bool IsEmpty => _messages is { } messages ? messages.Count == 0 : _bytes.Length == 0;

    /// <summary>What is here, in bytes of the owner's bound.</summary>
    public int Cost => _bytes.Length + (MessageCost * (_messages?.Count ?? 0));

    /// <summary>What <paramref name="length"/> bytes will cost.</summary>
    public int CostOf(int length) => _messages is null ? length : length + MessageCost;

    public void Add(ReadOnlySpan<byte> bytes, EndPoint? sender)
    {
        _bytes.Write(bytes);
        _messages?.Enqueue(new Message(bytes.Length, sender));
    }

    /// <summary>Takes bytes, or the first message: what of it does not fit is gone. There must be something.</summary>
    public DatagramResult Take(Span<byte> buffer, bool peek, out EndPoint? sender)
    {
        sender = null;
        if (_messages is null)
        {
            int count = _bytes.Peek(buffer);
            if (!peek)
                _bytes.Skip(count);
            return new DatagramResult(count, Truncated: false);
        }

        Message message = _messages.Peek();
        sender = message.Sender;
        int fitting = _bytes.Peek(buffer[..Math.Min(buffer.Length, message.Length)]);
        if (!peek)
        {
            _messages.Dequeue();
            _bytes.Skip(message.Length);
        }

        return new DatagramResult(fitting, fitting < message.Length);
    }

    public void Clear()
    {
        _bytes.Clear();
        _messages?.Clear();
    }

    private readonly record struct Message(int Length, EndPoint? Sender);
}
