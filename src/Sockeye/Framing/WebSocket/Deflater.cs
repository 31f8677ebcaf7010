using System.Buffers;
using System.IO.Compression;

namespace Sockeye;

/// <summary>Compresses messages for permessage-deflate: RFC 7692, section 7.2.1.</summary>
/// <remarks>
/// The platform's compressor knows one window, of 32 KiB. Where the peer's is smaller the compressor begins anew whenever it has taken as many
/// bytes as that window holds, so that no distance reaches out of it. That costs ratio and time, and keeps what was agreed.
/// </remarks>
internal sealed class Deflater(int windowBits, bool keepsContext) : IDisposable
{
    public const int WindowBitsMin = 8;
    public const int WindowBitsMax = 15;

    private readonly long _inputMax = windowBits == WindowBitsMax ? long.MaxValue : 1L << windowBits;
    private readonly Sink _sink = new();
    private DeflateStream? _stream;
    private long _input;

    /// <summary>The end of a flushed block, which the last frame of a message leaves out (section 7.2.1).</summary>
    public static ReadOnlySpan<byte> Tail => [0x00, 0x00, 0xFF, 0xFF];

    /// <summary>Compresses the next bytes of a message so that the peer can decompress all of them; the result is valid until the next call.</summary>
    public ReadOnlySpan<byte> Deflate(ReadOnlySpan<byte> payload, bool endOfMessage)
    {
        _sink.Output.ResetWrittenCount();
        while (!payload.IsEmpty)
        {
            if (_input == _inputMax)
                BeginAnew();
            _stream ??= new DeflateStream(_sink, CompressionLevel.Optimal, leaveOpen: true);
            int count = (int)Math.Min(payload.Length, _inputMax - _input);
            _stream.Write(payload[..count]);
            _stream.Flush();
            _input += count;
            payload = payload[count..];
        }

        ReadOnlySpan<byte> compressed = _sink.Output.WrittenSpan;
        if (!endOfMessage)
            return compressed;
        if (!keepsContext)
            BeginAnew();

        // Nothing written: the first byte of an empty block, of which the tail is the rest (section 7.2.3.6).
        return compressed.IsEmpty ? [0] : compressed[..^Tail.Length];
    }

    public void Dispose() => BeginAnew();

    private void BeginAnew()
    {
        // Closing a stream writes a last block, which belongs to no message.
        _sink.IsDeaf = true;
        _stream?.Dispose();
        _sink.IsDeaf = false;
        _stream = null;
        _input = 0;
    }

    /// <summary>Where the compressed bytes go.</summary>
    private sealed class Sink : Stream
    {
        public ArrayBufferWriter<byte> Output { get; } = new();

        public bool IsDeaf { get; set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (!IsDeaf)
                Output.Write(buffer);
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
