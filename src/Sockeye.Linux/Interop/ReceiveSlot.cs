using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Sockeye;

/// <summary>One of the buffers that the kernel fills; see <see cref="ReceiveBuffers"/>.</summary>
[SuppressMessage("Reliability", "CA2015", Justification = "The finalizer frees nothing, and a reader holds what it has borrowed until it is done with the bytes.")]
[SuppressMessage("Design", "MA0055", Justification = "Nothing else tells that a reader was forgotten.")]
internal sealed unsafe class ReceiveSlot : LentBytes
{
    /// <summary>How many bytes it holds at most.</summary>
    public const int Size = 16 * 1024;

    private const int PageLength = 4096;

    private static int LiveCount;

    private readonly ReceiveBuffers _buffers;
    private readonly byte* _start;
    private int _length;

    public ReceiveSlot(ReceiveBuffers buffers, ushort number)
    {
        _buffers = buffers;
        Number = number;
        _start = (byte*)NativeMemory.AlignedAlloc(Size, PageLength);
        Interlocked.Increment(ref LiveCount);
    }

    /// <summary>Whoever had borrowed it is gone without a word. One that was not lent may be the kernel's still, and so is its memory.</summary>
    ~ReceiveSlot()
    {
        if (!IsLent)
            return;
        GC.ReRegisterForFinalize(this);
        _buffers.Return(this);
    }

    /// <summary>How many slots there are in the process, each with its memory.</summary>
    public static int Count => Volatile.Read(ref LiveCount);

    /// <summary>What the kernel calls it.</summary>
    public ushort Number { get; }

    public nint Address => (nint)_start;

    public override int Length => _length;

    /// <summary>In a <see cref="SlotQueue"/>: the next one.</summary>
    public ReceiveSlot? Next { get; set; }

    /// <summary>Whether a reader has it.</summary>
    public bool IsLent { get; set; }

    public Span<byte> Bytes => new(_start, _length);

    /// <summary>The kernel has put so many bytes into it.</summary>
    public void Fill(int length) => _length = length;

    /// <summary>Whoever still reads it when it was given back shall notice.</summary>
    public void Poison() => new Span<byte>(_start, Size).Fill(0xDB);

    public override Span<byte> GetSpan() => Bytes;

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)_length, nameof(elementIndex));
        return new MemoryHandle(_start + elementIndex, handle: default, pinnable: this);
    }

    public override void Unpin()
    {
    }

    public override void GiveBack() => _buffers.Return(this);

    /// <summary>Frees its memory: the kernel and the readers are done with it.</summary>
    [SuppressMessage("Usage", "CA1816", Justification = "Who borrows it must not dispose of it.")]
    public void Free()
    {
        GC.SuppressFinalize(this);
        NativeMemory.AlignedFree(_start);
        Interlocked.Decrement(ref LiveCount);
    }

    /// <summary>Not for readers, to whom it is lent only.</summary>
    protected override void Dispose(bool disposing)
    {
    }
}
