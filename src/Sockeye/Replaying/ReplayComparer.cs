using System.Buffers;
using System.Globalization;

namespace Sockeye;

/// <summary>Compares the peer's stream with the recorded one as it comes. Bytes in, the first difference out.</summary>
internal sealed class ReplayComparer
{
    private readonly byte[] _expected;
    private readonly string _peer;
    private readonly ReplayOptions _options;
    private readonly FrameCutter? _cutter;
    private readonly List<long> _frameEnds = [];
    private long _frames;

    /// <exception cref="ArgumentException">Frames are to be compared without a codec, or the recorded stream has none.</exception>
    public ReplayComparer(Transcript transcript, bool ofClient, ReplayOptions options)
    {
        ArrayBufferWriter<byte> expected = new();
        foreach (TranscriptEvent each in transcript.Events.Where(each => each.FromClient == ofClient))
            expected.Write(each.Data.Span);
        _expected = expected.WrittenSpan.ToArray();
        _peer = ofClient ? "client" : "server";
        _options = options;
        bool comparesFrames = options.Comparison == ReplayComparison.Frames;
        if (options.Frames is null)
        {
            if (comparesFrames)
                throw new ArgumentException("Frames are to be compared, and there is no codec to find them.", nameof(options));
            return;
        }

        try
        {
            CutExpected(options.Frames);
        }
        catch (ProtocolException e) when (comparesFrames)
        {
            throw new ArgumentException($"What the {_peer} said in the recording is no {options.Frames}: {e.Message}", nameof(options), e);
        }
        catch (ProtocolException)
        {
            // The frames before it still have their numbers.
        }

        if (comparesFrames)
            _cutter = new FrameCutter(options.Frames);
    }

    /// <summary>How many bytes have come.</summary>
    public long Received { get; private set; }

    /// <summary>How much has come: bytes, or frames.</summary>
    public long Progress => _cutter is null ? Received : _frames;

    /// <summary>The first difference.</summary>
    public ReplayDifference? Difference { get; private set; }

    /// <summary>What <see cref="Progress"/> was in the recording, after so many bytes.</summary>
    public long ProgressAt(long length) => _cutter is null ? length : FramesAt(length);

    /// <summary>Takes what has come.</summary>
    public void Add(ReadOnlySpan<byte> data)
    {
        if (Difference is not null)
            return;
        if (_cutter is not null)
            CountFrames(_cutter, data);
        else if (Differing(data) is var index && index < data.Length)
            Note(Received + index < _expected.Length ? ReplayDifferenceKind.Other : ReplayDifferenceKind.More, Received + index, data[index..]);
        Received += data.Length;
    }

    /// <summary>The peer did something else than to go on.</summary>
    public void Note(ReplayDifferenceKind kind) => Note(kind, Received, []);

    /// <summary>The peer has ended: what had come of a last frame may be one.</summary>
    public void End()
    {
        try
        {
            if (_cutter?.TryReadEnd(out _, out _) == true)
                _frames++;
        }
        catch (ProtocolException)
        {
            Note(ReplayDifferenceKind.Ended);
        }
    }

    private void Note(ReplayDifferenceKind kind, long offset, ReadOnlySpan<byte> actual)
    {
        int place = (int)Math.Min(offset, _expected.Length);
        long? frame = FrameOf(offset);
        string where = $"{(offset == 0 ? "at the beginning" : $"after {offset} bytes")}{(frame is null ? "" : $", in its frame {frame}")}";
        Difference ??= new ReplayDifference
        {
            Kind = kind,
            Offset = offset,
            Frame = frame,
            Expected = _expected.AsMemory(place, Math.Min(_expected.Length - place, ReplayDifference.ShownMax)),
            Actual = actual[..Math.Min(actual.Length, ReplayDifference.ShownMax)].ToArray(),
            Message = kind switch
            {
                ReplayDifferenceKind.Other => $"the {_peer} said something else {where}",
                ReplayDifferenceKind.More => $"the {_peer} said more than was recorded {where}",
                ReplayDifferenceKind.Silent => string.Create(CultureInfo.InvariantCulture, $"the {_peer} was silent for {_options.Timeout.TotalSeconds:0.###} s {where}"),
                ReplayDifferenceKind.Ended => $"the {_peer} ended {where}, unlike recorded",
                ReplayDifferenceKind.Reset => $"the {_peer} reset the connection {where}, unlike recorded",
                _ => $"the {_peer} did not end {where}, as was recorded",
            },
        };
    }

    /// <summary>The first byte that is not as recorded.</summary>
    private int Differing(ReadOnlySpan<byte> data)
    {
        int known = (int)Math.Min(data.Length, _expected.Length - Received);
        if (_options.Comparison == ReplayComparison.Length)
            return known;
        ReadOnlySpan<byte> expected = _expected.AsSpan((int)Received, known);
        int index = 0;
        while (true)
        {
            index += data[index..known].CommonPrefixLength(expected[index..]);
            if (index == known || !IsIgnored(Received + index))
                return index;
            index++;
        }
    }

    private bool IsIgnored(long offset)
    {
        foreach ((long first, long last) in _options.IgnoredBytes)
        {
            if (offset >= first && offset <= last)
                return true;
        }

        return false;
    }

    private void CountFrames(FrameCutter cutter, ReadOnlySpan<byte> data)
    {
        try
        {
            cutter.Add(data);
            while (Difference is null && cutter.TryRead(out ReadOnlySequence<byte> frame, out _))
            {
                if (_frames == _frameEnds.Count)
                    Note(ReplayDifferenceKind.More, cutter.Offset, frame.ToArray());
                _frames++;
            }
        }
        catch (ProtocolException)
        {
            Note(ReplayDifferenceKind.Other, cutter.Offset, data);
        }
    }

    private void CutExpected(FrameCodec<ReadOnlySequence<byte>> codec)
    {
        FrameCutter cutter = new(codec);
        cutter.Add(_expected);
        while (cutter.TryRead(out _, out _))
            _frameEnds.Add(cutter.Offset);
        if (cutter.Pending > 0 && cutter.TryReadEnd(out _, out _))
            _frameEnds.Add(cutter.Offset);
    }

    private int FramesAt(long length)
    {
        int index = _frameEnds.BinarySearch(length);
        return index >= 0 ? index + 1 : ~index;
    }

    /// <summary>The frame that a byte is in; without it, in which it would have been.</summary>
    private long? FrameOf(long offset) =>
        _options.Frames is null ? null
        : _cutter is not null ? Math.Min(_frames, _frameEnds.Count) + 1
        : FramesAt(offset) < _frameEnds.Count || offset >= _expected.Length ? FramesAt(offset) + 1
        : null;
}
