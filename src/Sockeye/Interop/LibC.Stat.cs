using System.Runtime.InteropServices;

namespace Sockeye.Interop;

/// <summary>sys/stat.h of Linux: <c>statx(2)</c>, whose layout is the same on every processor.</summary>
internal static unsafe partial class LibC
{
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint TypeAndInode = 0x1 | 0x100;
    private const int StatSize = 256;
    private const int ModeOffset = 28;
    private const int InodeOffset = 32;
    private const int DeviceOffset = 136;
    private const int TypeMask = 0xF000;
    private const int TypeSocket = 0xC000;

    /// <summary>Whether the path is a socket. Elsewhere than on Linux: true, and a probing connect finds out.</summary>
    public static bool IsSocket(string path)
    {
        if (!OperatingSystem.IsLinux())
            return true;
        byte* stat = stackalloc byte[StatSize];
        return statx(CurrentDirectory, path, NoFollow, TypeAndInode, stat) == 0 && (*(ushort*)(stat + ModeOffset) & TypeMask) == TypeSocket;
    }

    /// <summary>The numbers of the device and file behind a path; zeros when there is none, and elsewhere than on Linux.</summary>
    public static bool TryIdentify(string path, out ulong device, out ulong inode)
    {
        byte* stat = stackalloc byte[StatSize];
        bool known = OperatingSystem.IsLinux() && statx(CurrentDirectory, path, NoFollow, TypeAndInode, stat) == 0;
        device = known ? *(ulong*)(stat + DeviceOffset) : 0;
        inode = known ? *(ulong*)(stat + InodeOffset) : 0;
        return known;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int directory, string path, int flags, uint mask, byte* stat);
}
