using System.Buffers;
using System.Runtime.InteropServices;

namespace Sockeye.Tests.Conformance;

/// <summary>Memory that no array is behind.</summary>
internal sealed class UnmanagedBytes(int length) : MemoryManager<byte>
{
    private readonly GCHandle _handle = GCHandle.Alloc(new byte[length]);

    public override Span<byte> GetSpan() => (byte[])_handle.Target!;

    public override MemoryHandle Pin(int elementIndex = 0) => GetSpan().Length > elementIndex
        ? ((byte[])_handle.Target!).AsMemory(elementIndex).Pin()
        : default;

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _handle.Free();
    }
}
