using System.Runtime.InteropServices;

namespace Sockeye;

/// <summary>Memory shared with the kernel through a descriptor (mmap(2)).</summary>
internal sealed unsafe partial class MappedMemory : IDisposable
{
    private const int ReadWrite = 3;
    private const int SharedPopulated = 0x1 | 0x8000;

    private readonly nuint _length;

    /// <exception cref="IOException">The kernel gives none.</exception>
    public MappedMemory(int file, nuint length, long offset)
    {
        nint start = mmap(0, length, ReadWrite, SharedPopulated, file, offset);
        if (start == -1)
            throw new IOException($"The kernel maps no {length} bytes for io_uring (error {Marshal.GetLastPInvokeError()}).");
        _length = length;
        Start = (byte*)start;
    }

    public byte* Start { get; private set; }

    public void Dispose()
    {
        if (Start != null)
            _ = munmap((nint)Start, _length);
        Start = null;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint mmap(nint address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int munmap(nint address, nuint length);
}
