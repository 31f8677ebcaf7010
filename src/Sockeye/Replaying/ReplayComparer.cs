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
    private readonly IgnoredText? _ignored;
    private readonly List<long> _frameEnds = [];
    private long _frames;

    /// <summary>How much of the recorded stream has come; other than <see cref="Received"/> where text is ignored.</summary>
    private long _place;

    /// <exception cref="ArgumentException">Frames are to be compared without a codec, or the recorded stream has none.</exception>
    public ReplayComparer(Transcript transcript, bool ofClient, ReplayOptions options)
    {
        ArrayBufferWriter<byte> expected = new();
        foreach (TranscriptEvent each in transcript.Events.Where(each => each.FromClient == ofClient))
            expected.Write(each.Data.Span);
        _expected = expected.WrittenSpan.ToArray();
        _peer = ofClient ? "client" : "server";
        _options = options;
        if (options.Comparison == ReplayComparison.Bytes && options.IgnoredText.Count > 0)
            _ignored = new IgnoredText(_expected, options.IgnoredText);
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
    public long Progress => _cutter is not null ? _frames : _ignored is { IsWhole: true } ? _ignored.End : _place;

    /// <summary>The first difference.</summary>
    public ReplayDifference? Difference { get; private set; }

    /// <summary>What <see cref="Progress"/> was in the recording, after so many bytes.</summary>
    public long ProgressAt(long length) => _cutter is null ? length : FramesAt(length);

    /// <summary>Takes what has come.</summary>
    public void Add(ReadOnlySpan<byte> data)
    {
        if (Difference is not null)
            return;
        Received += data.Length;
        if (_cutter is not null)
            CountFrames(_cutter, data);
        else
            Compare(data);
    }

    /// <summary>The peer did something else than to go on.</summary>
    public void Note(ReplayDifferenceKind kind)
    {
        // What stands in place of ignored text and is none is the difference, whatever ended the wait for the rest of it.
        if (_ignored is { IsWhole: false, Come.Length: > 0 })
            Note(ReplayDifferenceKind.Other, Received - _ignored.Come.Length, _place, _ignored.Come);
        else
            Note(kind, Received, _cutter is null ? Progress : Received, []);
    }

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

    private void Note(ReplayDifferenceKind kind, long offset, long recorded, ReadOnlySpan<byte> actual)
    {
        int place = (int)Math.Min(recorded, _expected.Length);
        long? frame = FrameOf(recorded);
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

    /// <summary>Compares the last of the bytes that have come.</summary>
    private void Compare(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty && Difference is null)
        {
            long offset = Received - data.Length;
            if (_ignored?.First == _place)
            {
                long end = _ignored.End;
                if (!_ignored.TryTake(data, out byte[] rest))
                    Note(ReplayDifferenceKind.Other);
                if (rest.Length > 0)
                    _place = end;
                data = rest;
                continue;
            }

            ReadOnlySpan<byte> piece = data[..(int)Math.Min(data.Length, (_ignored?.First ?? long.MaxValue) - _place)];
            int index = Differing(piece);
            if (index < piece.Length)
                Note(_place + index < _expected.Length ? ReplayDifferenceKind.Other : ReplayDifferenceKind.More, offset + index, _place + index, data[index..]);
            _place += piece.Length;
            data = data[piece.Length..];
        }
    }

    /// <summary>The first byte that is not as recorded.</summary>
    private int Differing(ReadOnlySpan<byte> data)
    {
        int known = (int)Math.Min(data.Length, _expected.Length - _place);
        if (_options.Comparison == ReplayComparison.Length)
            return known;
        ReadOnlySpan<byte> expected = _expected.AsSpan((int)_place, known);
        int index = 0;
        while (true)
        {
            index += data[index..known].CommonPrefixLength(expected[index..]);
            if (index == known || !IsIgnored(_place + index))
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
                    Note(ReplayDifferenceKind.More, cutter.Offset, cutter.Offset, frame.ToArray());
                _frames++;
            }
        }
        catch (ProtocolException)
        {
            Note(ReplayDifferenceKind.Other, cutter.Offset, cutter.Offset, data);
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
