using System.Buffers;

namespace Sockeye;

/// <summary>
/// Cuts a stream of bytes into frames that is not read from a pipe but looked at: pieces go in as they come, and where each frame ended comes out.
/// </summary>
/// <param name="codec">What finds the frames.</param>
public sealed class FrameCutter(FrameCodec<ReadOnlySequence<byte>> codec)
{
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private int _consumed;
    private FrameProgress _progress;
    private long _offset;

    /// <summary>How many bytes of the stream are before the next frame.</summary>
    public long Offset => _offset;

    /// <summary>How many bytes of the next frame have come.</summary>
    public int Pending => _buffer.WrittenCount - _consumed;

    /// <summary>Takes the next bytes of the stream. Read all frames before the next: what is kept then is less than one frame.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (_consumed > 0)
        {
            byte[] rest = _buffer.WrittenSpan[_consumed..].ToArray();
            _buffer.ResetWrittenCount();
            _buffer.Write(rest);
            _consumed = 0;
        }

        _buffer.Write(bytes);
    }

    /// <summary>The next frame's content, valid until more is added, and how many bytes of the stream it took.</summary>
    /// <exception cref="ProtocolException">What comes is no frame: nothing more can be cut.</exception>
    public bool TryRead(out ReadOnlySequence<byte> content, out long length)
    {
        ReadOnlySequence<byte> rest = new(_buffer.WrittenMemory[_consumed..]);
        long before = rest.Length;
        if (!codec.TryResume(ref rest, ref _progress, out content))
        {
            _progress.Searched = rest.Length;
            length = 0;

            // What a codec took without making a frame of it, as an empty line.
            Advance(before - rest.Length);
            return false;
        }

        length = before - rest.Length;
        _progress = default;
        Advance(length);
        return true;
    }

    /// <summary>The last frame of a stream that has ended, if it has not got the end that others have.</summary>
    /// <exception cref="ProtocolException">It ended within a frame.</exception>
    public bool TryReadEnd(out ReadOnlySequence<byte> content, out long length)
    {
        ReadOnlySequence<byte> rest = new(_buffer.WrittenMemory[_consumed..]);
        long before = rest.Length;
        bool isFrame = codec.TryDecodeEnd(ref rest, out content);
        length = before - rest.Length;
        Advance(length);
        return isFrame;
    }

    private void Advance(long count)
    {
        _consumed += (int)count;
        _offset += count;
    }
}
