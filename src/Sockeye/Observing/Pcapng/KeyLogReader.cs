namespace Sockeye;

/// <summary>Reads what is appended to a key log, line by line.</summary>
internal sealed class KeyLogReader(string path) : IDisposable
{
    private const int BytesMax = 1024 * 1024;

    private readonly byte[] _buffer = new byte[BytesMax];
    private FileStream? _file;

    /// <summary>The whole lines that came since the last call, at most 1 MiB of them; none while there is no file.</summary>
    public ReadOnlySpan<byte> ReadLines()
    {
        try
        {
            _file ??= new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            long start = _file.Position;
            int length = _file.ReadAtLeast(_buffer, _buffer.Length, throwOnEndOfStream: false);
            int whole = _buffer.AsSpan(0, length).LastIndexOf((byte)'\n') + 1;
            _file.Position = start + whole;
            return _buffer.AsSpan(0, whole);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();
}
