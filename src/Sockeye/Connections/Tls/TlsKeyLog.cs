namespace Sockeye;

/// <summary>
/// Writes the secrets of every TLS connection of this process to a file, in the format that Wireshark reads (SSLKEYLOGFILE). Whoever has the file can read
/// what was recorded. Linux only, as .NET has it.
/// </summary>
public static class TlsKeyLog
{
    private const string Switch = "System.Net.EnableSslKeyLogging";
    private const string Variable = "SSLKEYLOGFILE";

    private static int Handshakes;

    /// <summary>Starts it, before the process's first handshake: .NET asks once. The file is made for its owner only; an existing one is continued.</summary>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    /// <exception cref="InvalidOperationException">There was a handshake already, or another file was asked for.</exception>
    /// <exception cref="IOException">The file cannot be written; the message names it.</exception>
    public static void Enable(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("A TLS key log needs Linux: .NET has none elsewhere.");
        if (AppContext.TryGetSwitch(Switch, out bool isOn) && isOn && Environment.GetEnvironmentVariable(Variable) == path)
            return;
        if (Volatile.Read(ref Handshakes) != 0)
            throw new InvalidOperationException("A TLS key log must be asked for before the first TLS handshake of the process.");
        try
        {
            FileStreamOptions create = new() { Mode = FileMode.Append, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
            using FileStream file = new(path, create);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path}: the key log cannot be written: {Reason(e)}", e);
        }

        Environment.SetEnvironmentVariable(Variable, path);
        AppContext.SetSwitch(Switch, isEnabled: true);
    }

    /// <summary>The key log of this process, for a recording: the one that was asked for, or else one of its own in the folder for temporary files.</summary>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    /// <exception cref="InvalidOperationException">There was a handshake already.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    internal static string EnableForRecording()
    {
        if (AppContext.TryGetSwitch(Switch, out bool isOn) && isOn && Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path)
            return path;
        path = Path.Combine(Path.GetTempPath(), $"sockeye-{Environment.ProcessId}-{Path.GetRandomFileName()}.keys");
        Enable(path);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(path);
        return path;
    }

    private static string Reason(Exception e) => e switch
    {
        DirectoryNotFoundException => "its folder does not exist; make it first, or check the path",
        UnauthorizedAccessException => "it is a folder, or there is no permission; choose a file that you may write",
        _ => e.Message,
    };

    internal static void NoteHandshake() => Volatile.Write(ref Handshakes, 1);
}
