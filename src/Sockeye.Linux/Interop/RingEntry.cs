using System.Runtime.InteropServices;

namespace Sockeye;

/// <summary>struct io_uring_sqe: one request.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct RingEntry
{
    /// <summary>IOSQE_BUFFER_SELECT: into a buffer of a group's.</summary>
    public const byte SelectBuffer = 1 << 5;

    /// <summary>IORING_RECV_MULTISHOT: again and again.</summary>
    public const ushort ReceiveMultishot = 1 << 1;

    public RingOperation Operation;
    public byte Flags;
    public ushort Priority;
    public int Descriptor;
    public ulong Offset;
    public ulong Address;
    public uint Length;
    public uint OperationFlags;
    public ulong UserData;
    public ushort BufferGroup;
}
