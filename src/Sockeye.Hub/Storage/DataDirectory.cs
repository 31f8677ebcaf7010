using System.Globalization;

namespace Sockeye.Hub;

/// <summary>
/// The directory that a hub keeps its data in, and the right to use it: one process at a time has it. The system gives the right back however that process ends.
/// </summary>
public sealed class DataDirectory : IDisposable
{
    private const UnixFileMode OnlyOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream heldLock)
    {
        Path = path;
        _lock = heldLock;
    }

    /// <summary>
    /// Where a user's hub keeps its data unless told: <c>$XDG_DATA_HOME/sockeye</c>, by default <c>~/.local/share/sockeye</c>; on Windows and macOS the same folder
    /// in the place where applications keep their data.
    /// </summary>
    public static string DefaultPath => System.IO.Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "sockeye");

    /// <summary>The directory, as a full path.</summary>
    public string Path { get; }

    /// <summary>The file of the store, which need not be there yet.</summary>
    public string StoreFile => StoreFileIn(Path);

    /// <summary>Takes a directory, which is made, for its user alone, if there is none.</summary>
    /// <param name="path">Which; null: <see cref="DefaultPath"/>.</param>
    /// <param name="time">For what others are told of since when it is in use; null: the system's.</param>
    /// <exception cref="HubDataException">Another process has it, or it cannot be made or written in; the message says which and what to do.</exception>
    public static DataDirectory Open(string? path = null, TimeProvider? time = null)
    {
        string full = System.IO.Path.GetFullPath(path ?? DefaultPath);
        try
        {
            Create(full);
            FileStream held = Lock(full);
            WriteHolder(full, (time ?? TimeProvider.System).GetLocalNow());
            return new DataDirectory(full, held);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new HubDataException($"The data directory {full} cannot be used: this user may not write there. Choose another with --data DIR.", e);
        }
        catch (IOException e) when (e is not HubDataException)
        {
            throw new HubDataException($"The data directory {full} cannot be used: {e.Message} Choose another with --data DIR.", e);
        }
    }

    /// <summary>Gives the directory back.</summary>
    public void Dispose() => _lock.Dispose();

    /// <summary>How a file is made that its user alone may read, wherever it is and whatever the umask leaves to others.</summary>
    internal static FileStreamOptions OnlyOwners(FileStreamOptions options)
    {
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    internal static string StoreFileIn(string directory) => System.IO.Path.Combine(directory, "hub.db");

    /// <summary>What to say where a file is named instead of a directory: as a rule it is one of those in it.</summary>
    internal static string ExplainFile(string file)
    {
        string full = System.IO.Path.GetFullPath(file);
        return System.IO.Path.GetFileName(full).StartsWith("hub.", StringComparison.Ordinal)
            ? $"{full} is a file: name the directory that it is in, {System.IO.Path.GetDirectoryName(full)}"
            : $"{full} is a file: name a directory, which is made if there is none";
    }

    private static void Create(string path)
    {
        if (File.Exists(path))
            throw new HubDataException($"{ExplainFile(path)}.");
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else if (!Directory.Exists(path))
            Directory.CreateDirectory(path, OnlyOwner);
    }

    /// <summary>The lock is the system's, on an open file, so it never outlives its process. The file stays: removing it would let two processes lock two files.</summary>
    private static FileStream Lock(string directory)
    {
        string file = System.IO.Path.Combine(directory, "hub.lock");
        try
        {
            return new FileStream(file, OnlyOwners(new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None }));
        }
        catch (IOException e) when (IsHeld(e))
        {
            throw new HubDataException(
                $"Another hub uses the data directory {directory}: {ReadHolder(directory)}. Stop it first, or give this one its own directory with --data DIR.", e);
        }
    }

    /// <summary>A sharing violation on Windows; EWOULDBLOCK of flock(2), as .NET tells it, elsewhere.</summary>
    private static bool IsHeld(IOException error)
    {
        const int SharingViolation = unchecked((int)0x80070020);
        const int WouldBlockOnLinux = 11;
        const int WouldBlockOnMac = 35;
        return error.HResult == SharingViolation || (!OperatingSystem.IsWindows() && error.HResult is WouldBlockOnLinux or WouldBlockOnMac);
    }

    /// <summary>In a file of its own, as nobody else may read the one that is locked.</summary>
    private static string HolderFile(string directory) => System.IO.Path.Combine(directory, "hub.pid");

    private static void WriteHolder(string directory, DateTimeOffset now) => File.WriteAllText(
        HolderFile(directory), string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId}, since {now:yyyy-MM-dd HH:mm:ss}"));

    private static string ReadHolder(string directory)
    {
        try
        {
            string text = File.ReadAllText(HolderFile(directory));
            return text.Length > 0 ? text : "it is just starting";
        }
        catch (IOException)
        {
            return "it is just starting";
        }
    }
}
