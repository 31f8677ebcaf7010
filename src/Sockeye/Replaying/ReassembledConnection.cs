using System.Net;

namespace Sockeye;

/// <summary>One connection of a <see cref="TcpReassembler"/>: two streams, and which side is the client's.</summary>
/// <param name="first">Who sent its first packet.</param>
/// <param name="second">To whom.</param>
internal sealed class ReassembledConnection(IPEndPoint first, IPEndPoint second)
{
    private static readonly bool[] Sides = [true, false];

    private readonly List<(bool FromFirst, TranscriptEventKind Kind, DateTimeOffset Time, ReadOnlyMemory<byte> Data)> _events = [];
    private readonly ReassembledStream _fromFirst = new();
    private readonly ReassembledStream _fromSecond = new();
    private bool? _isFirstClient;
    private bool _isReset;

    private bool IsOver => _isReset || (_fromFirst.HasEnded && _fromSecond.HasEnded);

    /// <summary>Whether a segment is the SYN of another connection between the same ends: not the one that began this, sent again.</summary>
    public bool IsBegunAgainBy(IPEndPoint source, TcpView segment) =>
        IsOpening(segment) && (IsOver || Stream(IsFirst(source)).IsBegunByOther(segment.SequenceNumber));

    /// <summary>Takes a segment of either side.</summary>
    /// <param name="time">When it was recorded.</param>
    /// <param name="source">Its sender.</param>
    /// <param name="segment">The segment, as much of it as was recorded.</param>
    /// <param name="missing">How many bytes at its end were not.</param>
    public void Take(DateTimeOffset time, IPEndPoint source, TcpView segment, int missing)
    {
        bool fromFirst = IsFirst(source);
        ReassembledStream stream = Stream(fromFirst);
        if ((segment.Flags & TcpFlags.Syn) != 0)
        {
            _isFirstClient ??= fromFirst == IsOpening(segment);
            stream.Begin(segment.SequenceNumber);
        }

        if (_isReset)
            return;
        bool isSyn = (segment.Flags & TcpFlags.Syn) != 0;
        stream.Add(unchecked(segment.SequenceNumber + (isSyn ? 1u : 0u)), segment.Payload, missing, isEnd: (segment.Flags & TcpFlags.Fin) != 0);
        Emit(time, fromFirst, stream);
        if ((segment.Flags & TcpFlags.Rst) != 0)
        {
            _isReset = true;
            _events.Add((fromFirst, TranscriptEventKind.Reset, time, default));
        }
    }

    /// <summary>Nothing more comes.</summary>
    public Transcript Complete(int number)
    {
        DateTimeOffset last = _events.Count == 0 ? default : _events[^1].Time;
        foreach (bool fromFirst in Sides)
        {
            ReassembledStream stream = Stream(fromFirst);
            while (stream.TryPassGap())
                Emit(last, fromFirst, stream);
        }

        bool isFirstClient = _isFirstClient ?? first.Port >= second.Port;
        IEnumerable<TranscriptGap> gaps = Sides.SelectMany(fromFirst => Stream(fromFirst).Gaps.Select(gap => new TranscriptGap(fromFirst == isFirstClient, gap.Offset, gap.Length)));
        return new Transcript(
            number,
            isFirstClient ? first : second,
            isFirstClient ? second : first,
            [.. _events.Select(each => new TranscriptEvent { Time = each.Time, FromClient = each.FromFirst == isFirstClient, Kind = each.Kind, Data = each.Data })],
            [.. gaps],
            isSideGuessed: _isFirstClient is null);
    }

    private static bool IsOpening(TcpView segment) => (segment.Flags & (TcpFlags.Syn | TcpFlags.Ack)) == TcpFlags.Syn;

    private bool IsFirst(IPEndPoint source) => source.Equals(first);

    private ReassembledStream Stream(bool fromFirst) => fromFirst ? _fromFirst : _fromSecond;

    private void Emit(DateTimeOffset time, bool fromFirst, ReassembledStream stream)
    {
        while (stream.TryTake(out byte[] data))
            _events.Add((fromFirst, TranscriptEventKind.Data, time, data));
        if (stream.TryTakeEnd())
            _events.Add((fromFirst, TranscriptEventKind.End, time, default));
    }
}
