using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Sockeye.Cli.Interop;

/// <summary>
/// The standard streams as Unix has them. .NET's own streams will not do: the console's hides that nobody reads any more, and a file's writes
/// at a place of its own instead of where the descriptor stands, over what others write to it (<c>&gt;log 2&gt;&amp;1</c>).
/// </summary>
internal static partial class LibC
{
    private const int Interrupted = 4;
    private const int BadDescriptor = 9;
    private const int BrokenPipe = 32;
    private const int GetDescriptorFlags = 1;
    private const int CloseOnExec = 1;
    private const int GetStatusFlags = 3;
    private const int AccessMode = 3;
    private const int WriteOnly = 1;
    private const int ShutdownWrite = 1;
    private const int StandardError = 2;
    private const string Descriptors = "/proc/self/fd";
    private const short PollIn = 1;
    private const short PollOut = 4;
    private static readonly int OpenCloseOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;
    private static readonly int WouldBlock = OperatingSystem.IsMacOS() ? 35 : 11;

    /// <summary>
    /// Whether a standard stream was given to this process. What was closed at the start is soon the number of something of .NET's own, which closes
    /// on exec as nothing inherited does.
    /// </summary>
    public static bool IsInherited(int descriptor) => fcntl(descriptor, GetDescriptorFlags, 0) is >= 0 and int flags && (flags & CloseOnExec) == 0;

    /// <summary>Reads on this thread, waiting as long as it takes; 0 is the end.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static int Read(int descriptor, Span<byte> buffer)
    {
        while (true)
        {
            nint count = read(descriptor, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length);
            if (count >= 0)
                return (int)count;
            ThrowUnlessTransient(descriptor, PollIn);
        }
    }

    /// <summary>Writes all on this thread, waiting as long as it takes; false when nobody reads it any more.</summary>
    /// <exception cref="IOException">It cannot be written, a full disk for one.</exception>
    public static bool WriteAll(int descriptor, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint count = write(descriptor, in MemoryMarshal.GetReference(bytes), (nuint)bytes.Length);
            if (count >= 0)
                bytes = bytes[(int)count..];
            else if (Marshal.GetLastPInvokeError() == BrokenPipe)
                return false;
            else
                ThrowUnlessTransient(descriptor, PollOut);
        }

        return true;
    }

    /// <summary>
    /// Ends an output, so that whoever reads it sees the end while this process lives on. The numbers stay taken: else the next file to be opened would
    /// get them, and what is still written by mistake.
    /// </summary>
    public static void End(int descriptor)
    {
        // All that share a socket see its end at once; nothing happens to what is none.
        _ = shutdown(descriptor, ShutdownWrite);
        int nothing = open("/dev/null", WriteOnly | OpenCloseOnExec);
        if (nothing < 0)
            return;
        foreach (int copy in CopiesOf(descriptor))
            _ = dup2(nothing, copy);
        _ = dup2(nothing, descriptor);
        _ = close(nothing);
    }

    /// <summary>
    /// The runtime has a copy of each standard stream from its start, which it never uses: as long as that is open, a pipe has no end. If errors go the same
    /// way (<c>2&gt;&amp;1</c>), the pipe has to stay open for them.
    /// </summary>
    private static List<int> CopiesOf(int descriptor)
    {
        List<int> copies = [];
        if (!OperatingSystem.IsLinux() || TargetOf(descriptor) is not { } target || TargetOf(StandardError) == target)
            return copies;
        foreach (string link in Directory.EnumerateFiles(Descriptors))
        {
            int candidate = int.Parse(Path.GetFileName(link), CultureInfo.InvariantCulture);
            if (TargetOf(candidate) == target && (fcntl(candidate, GetStatusFlags, 0) & AccessMode) == WriteOnly)
                copies.Add(candidate);
        }

        return copies;
    }

    /// <summary>What a descriptor stands for: <c>pipe:[4711]</c>, or a path.</summary>
    private static string? TargetOf(int descriptor) => new FileInfo($"{Descriptors}/{descriptor}").LinkTarget;

    /// <summary>A stream that another process has made non-blocking is waited for.</summary>
    private static void ThrowUnlessTransient(int descriptor, short events)
    {
        int error = Marshal.GetLastPInvokeError();
        if (error == Interrupted)
            return;
        if (error != WouldBlock)
            throw new IOException(error == BadDescriptor ? "it is not open that way" : new Win32Exception(error).Message);
        PollEntry entry = new() { Descriptor = descriptor, Events = events };
        _ = poll(ref entry, 1, -1);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int descriptor, ref byte buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int descriptor, in byte buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(ref PollEntry entries, nuint count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int descriptor, int command, int argument);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc")]
    private static partial int shutdown(int descriptor, int how);

    [LibraryImport("libc")]
    private static partial int dup2(int from, int to);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    [StructLayout(LayoutKind.Sequential)]
    [SuppressMessage("Minor Code Smell", "S3459", Justification = "The kernel sets it.")]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Found;
    }
}
