using System.Globalization;

namespace Sockeye;

/// <summary>
/// A file, and where it is limited the ones before it: <c>name.pcapng</c> is the one being written, <c>name.1.pcapng</c> the one before it, and so on. They
/// are their owner's only: what is recorded is nobody else's business.
/// </summary>
internal sealed class PcapngFileTarget : PcapngTarget
{
    private readonly string _path;
    private readonly long _bytesMax;
    private readonly int _filesMax;
    private FileStream? _file;
    private PcapngStreamTarget? _target;

    /// <exception cref="IOException">The file cannot be made; the message names it.</exception>
    public PcapngFileTarget(string path, long bytesMax, int filesMax)
    {
        (_path, _bytesMax, _filesMax) = (path, bytesMax, filesMax);
        Open();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> blocks)
    {
        if (_target is null)
            throw new IOException($"{_path}: no file is open.");
        try
        {
            _target.Write(blocks);
        }
        catch (IOException e)
        {
            // .NET names the file behind the reason.
            throw new IOException($"{_path}: the recording cannot be written: {e.Message.Replace($" : '{_path}'", "", StringComparison.Ordinal)}", e);
        }

        Length = _target.Length;
    }

    /// <inheritdoc/>
    public override bool IsFullWith(long more) => _bytesMax > 0 && Length + more > _bytesMax;

    /// <inheritdoc/>
    public override void Rotate()
    {
        Close();
        try
        {
            for (int age = _filesMax - 1; age >= 1; age--)
            {
                if (File.Exists(PathOf(age - 1)))
                    File.Move(PathOf(age - 1), PathOf(age), overwrite: true);
            }
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{_path}: the recording cannot be moved aside: {e.Message}", e);
        }

        Open();
    }

    /// <inheritdoc/>
    public override void Dispose() => Close();

    private void Open()
    {
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            _file = new FileStream(_path, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{_path}: the recording cannot be written: {Reason(e)}", e);
        }

        _target = new PcapngStreamTarget(_file);
        Length = 0;
    }

    private void Close()
    {
        _file?.Dispose();
        (_file, _target) = (null, null);
        Length = 0;
    }

    private string PathOf(int age) => age == 0 ? _path : Path.Combine(
        Path.GetDirectoryName(_path) ?? "",
        string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(_path)}.{age}{Path.GetExtension(_path)}"));

    private static string Reason(Exception e) => e switch
    {
        DirectoryNotFoundException => "its folder does not exist; make it first, or check the path",
        UnauthorizedAccessException => "it is a folder, or there is no permission; choose a file that you may write",
        _ => e.Message,
    };
}
