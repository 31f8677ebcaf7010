using System.Runtime.InteropServices;

namespace Sockeye;

/// <summary>struct io_uring_cqe: how a request went.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct RingCompletion
{
    private const uint HasBufferFlag = 1;
    private const uint HasMoreFlag = 2;
    private const int BufferShift = 16;

    public readonly ulong UserData;

    /// <summary>A count, or a negative error number.</summary>
    public readonly int Result;
    private readonly uint _flags;

    /// <summary>Whether the request goes on, and completes again.</summary>
    public bool HasMore => (_flags & HasMoreFlag) != 0;

    /// <summary>The provided buffer it used; null for none.</summary>
    public ushort? Buffer => (_flags & HasBufferFlag) != 0 ? (ushort)(_flags >> BufferShift) : null;
}
