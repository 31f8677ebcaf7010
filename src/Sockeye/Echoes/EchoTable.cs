namespace Sockeye;

/// <summary>When which echo request was sent, and whether it was answered: the last <see cref="RequestsMax"/>.</summary>
internal sealed class EchoTable
{
    /// <summary>How many requests are remembered; an answer that comes after so many further requests is nobody's.</summary>
    public const int RequestsMax = 4096;

    private readonly Lock _lock = new();
    private readonly Request[] _requests = new Request[RequestsMax];

    public void Add(ushort sequenceNumber, long sentAt, DateTime sentAtUtc)
    {
        lock (_lock)
            _requests[sequenceNumber % RequestsMax] = new Request(new Moment(sentAt, sentAtUtc), sequenceNumber, IsKnown: true, IsAnswered: false);
    }

    /// <summary>When the request was sent; null: it is none of ours, or too old.</summary>
    public Moment? Find(ushort sequenceNumber)
    {
        lock (_lock)
        {
            Request request = _requests[sequenceNumber % RequestsMax];
            return request.IsKnown && request.SequenceNumber == sequenceNumber ? request.SentAt : null;
        }
    }

    /// <summary>A reply to a request that is known.</summary>
    /// <returns>False: it had one already.</returns>
    public bool Answer(ushort sequenceNumber)
    {
        lock (_lock)
        {
            ref Request request = ref _requests[sequenceNumber % RequestsMax];
            bool isFirst = !request.IsAnswered;
            request = request with { IsAnswered = true };
            return isFirst;
        }
    }

    /// <summary>One moment on two clocks: the one that only goes on, and the one that the kernel stamps packets with.</summary>
    public readonly record struct Moment(long Timestamp, DateTime Utc);

    private readonly record struct Request(Moment SentAt, ushort SequenceNumber, bool IsKnown, bool IsAnswered);
}
