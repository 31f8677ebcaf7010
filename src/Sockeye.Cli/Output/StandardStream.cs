using Sockeye.Cli.Interop;

namespace Sockeye.Cli.Output;

/// <summary>
/// One of the process's three standard streams, unbuffered, on the thread that calls: <see cref="LibC"/> says why. On Windows it is the
/// console's own. Nothing of it is duplicated, so that <see cref="Stream.Dispose()"/> ends it for whoever reads it.
/// </summary>
internal sealed class StandardStream : Stream
{
    private readonly int _descriptor;
    private readonly Stream? _console;
    private readonly bool _isOpen;

    private StandardStream(int descriptor, Func<Stream> console)
    {
        _descriptor = descriptor;
        _console = OperatingSystem.IsWindows() ? console() : null;
        _isOpen = _console is not null || LibC.IsInherited(descriptor);
    }

    public override bool CanRead => _descriptor == 0;

    public override bool CanWrite => _descriptor != 0;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public static StandardStream Input() => new(0, Console.OpenStandardInput);

    public static StandardStream Output() => new(1, Console.OpenStandardOutput);

    public static StandardStream Error() => new(2, Console.OpenStandardError);

    /// <summary>Waits for bytes; 0 is the end, and what a stream has that was closed before the program began.</summary>
    public override int Read(Span<byte> buffer) =>
        !_isOpen ? 0 : _console is null ? LibC.Read(_descriptor, buffer) : _console.Read(buffer);

    /// <summary>Writes all, wherever it goes: a stream that was closed before the program began takes everything.</summary>
    /// <exception cref="BrokenPipeException">Nobody reads it any more.</exception>
    /// <exception cref="IOException">It takes no more: the message says which stream, and why.</exception>
    public override void Write(ReadOnlySpan<byte> bytes)
    {
        if (!_isOpen)
            return;
        if (_console is not null)
            _console.Write(bytes);
        else if (!WriteAll(bytes))
            throw new BrokenPipeException();
    }

    private bool WriteAll(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return LibC.WriteAll(_descriptor, bytes);
        }
        catch (IOException e)
        {
            throw new IOException($"cannot write standard {(_descriptor == 1 ? "output" : "error")}: {e.Message}", e);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => _console?.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && _isOpen && CanWrite)
        {
            if (_console is null)
                LibC.End(_descriptor);
            else
                _console.Dispose();
        }

        base.Dispose(disposing);
    }
}
