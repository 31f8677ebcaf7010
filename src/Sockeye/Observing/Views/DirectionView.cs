using System.Buffers;

namespace Sockeye;

/// <summary>What a view keeps of one direction of a conversation: its frames and its marks.</summary>
internal sealed class DirectionView(FrameCodec<ReadOnlySequence<byte>>? codec)
{
    private readonly FrameCutter? _cutter = codec is null ? null : new FrameCutter(codec);
    private long _expected;
    private bool _isBroken;

    public StreamMarks Marks { get; } = new();

    /// <summary>The frames that end in these bytes: each length, or, once, why there can be no more.</summary>
    public IEnumerable<(long Length, string? Problem)> Cut(long offset, ReadOnlySpan<byte> bytes)
    {
        if (_cutter is null || _isBroken)
            return [];
        if (offset != _expected)
        {
            _isBroken = true;
            return [(0, $"{offset - _expected} bytes were not recorded: frames are not cut any more")];
        }

        _expected += bytes.Length;
        _cutter.Add(bytes);
        return Read(isEnd: false);
    }

    /// <summary>The frame that the end of the stream ends.</summary>
    public IEnumerable<(long Length, string? Problem)> CutEnd() => _cutter is null || _isBroken || _cutter.Pending == 0 ? [] : Read(isEnd: true);

    private IEnumerable<(long Length, string? Problem)> Read(bool isEnd)
    {
        while (true)
        {
            (bool isFrame, long length, string? problem) = ReadOne(isEnd);
            if (problem is not null)
            {
                _isBroken = true;
                yield return (0, problem);
                yield break;
            }

            if (!isFrame)
                yield break;
            yield return (length, null);
        }
    }

    private (bool IsFrame, long Length, string? Problem) ReadOne(bool isEnd)
    {
        try
        {
            bool isFrame = isEnd ? _cutter!.TryReadEnd(out _, out long length) : _cutter!.TryRead(out _, out length);
            return (isFrame, length, null);
        }
        catch (ProtocolException e)
        {
            return (false, 0, e.Message);
        }
    }
}
