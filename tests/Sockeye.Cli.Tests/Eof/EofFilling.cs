namespace Sockeye.Cli.Tests.Eof;

/// <summary>Keeps a direction full: writes whatever it takes, on a thread of its own, until all of it is read again.</summary>
internal sealed class EofFilling
{
    /// <summary>What is written counts up to here, so that whoever reads it can tell its place.</summary>
    private const int Modulus = 251;

    /// <summary>Comes last, and nowhere before.</summary>
    private const byte Last = 255;

    /// <summary>A direction that has taken so many bytes is never full: something reads them.</summary>
    private const long BytesMax = 1L << 28;

    private static readonly byte[] Piece = [.. Enumerable.Range(0, Modulus * 256).Select(i => (byte)(i % Modulus))];

    private readonly Stream _stream;
    private readonly TaskCompletionSource<long> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _written;
    private volatile bool _isWriting;
    private volatile bool _isOver;

    public EofFilling(Stream stream)
    {
        _stream = stream;
        new Thread(Fill) { IsBackground = true, Name = "filling" }.Start();
    }

    /// <summary>How many bytes were taken.</summary>
    /// <exception cref="IOException">It will never be full.</exception>
    public long Written => !_ended.Task.IsFaulted ? Volatile.Read(ref _written) : throw _ended.Task.Exception!.InnerException!;

    /// <summary>Whether a write has begun and not come back.</summary>
    public bool IsWriting => _isWriting;

    /// <summary>Reads what was written, to its last byte.</summary>
    /// <exception cref="InvalidDataException">Something else came.</exception>
    public async Task DrainAsync(Stream from, CancellationToken stop)
    {
        _isOver = true;
        byte[] buffer = new byte[64 * 1024];
        long position = 0;
        while (true)
        {
            int count = await from.ReadAsync(buffer, stop);
            if (count == 0)
                throw new InvalidDataException($"The direction that was full ended after {position} bytes.");
            for (int i = 0; i < count; i++, position++)
            {
                if (buffer[i] == Last && i == count - 1)
                {
                    long written = await _ended.Task.WaitAsync(stop);
                    if (written != position)
                        throw new InvalidDataException($"Of {written} bytes {position} came.");
                    return;
                }

                if (buffer[i] != position % Modulus)
                    throw new InvalidDataException($"Another byte than was sent came at {position}.");
            }
        }
    }

    private void Fill()
    {
        try
        {
            while (!_isOver)
            {
                _isWriting = true;
                _stream.Write(Piece);
                _isWriting = false;
                Volatile.Write(ref _written, _written + Piece.Length);
                if (_written > BytesMax)
                    throw new IOException($"{_written} bytes were taken, and read by nobody.");
            }

            _stream.WriteByte(Last);
            _stream.Flush();
            _ended.SetResult(_written);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            _isWriting = false;
            _ended.SetException(e as IOException ?? new IOException(e.Message, e));
            _ = _ended.Task.Exception; // observed: when a run is over nobody may be there to hear of it
        }
    }
}
