using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Sockeye;

/// <summary>
/// Buffers of one reactor that the kernel receives into, whichever connection's bytes come: a slot holds bytes only for a moment, and an idle connection none. When
/// few are left more are made, up to a limit; when none is left a connection receives for itself.
/// </summary>
[SuppressMessage("Reliability", "CA2216", Justification = "A reactor disposes it, when the ring that refers to it is gone.")]
internal sealed unsafe class ReceiveBuffers : IDisposable
{
    /// <summary>The length of a slot in bytes.</summary>
    public const int SlotLength = 16 * 1024;

    /// <summary>The most slots: a reactor's receive buffers take up to 8 MiB.</summary>
    public const int SlotsMax = 512;

    private const int SlotsAtFirst = 64;
    private const int PageLength = 4096;

    private BriefLock _lock = new();
    private readonly BufferEntry* _ring;
    private readonly byte*[] _slots;
    private readonly (int Length, int Next)[] _fillings;
    private readonly uint _mask;
    private int _count;
    private int _free;
    private ushort _tail;
    private bool _isDisposed;

    /// <param name="slotsMax">The most slots, a power of two.</param>
    public ReceiveBuffers(int slotsMax = SlotsMax)
    {
        _slots = new byte*[slotsMax];
        _fillings = new (int, int)[slotsMax];
        _mask = (uint)slotsMax - 1;
        _ring = (BufferEntry*)NativeMemory.AlignedAlloc((nuint)(slotsMax * sizeof(BufferEntry)), PageLength);
        NativeMemory.Clear(_ring, (nuint)(slotsMax * sizeof(BufferEntry)));
        Grow(Math.Min(SlotsAtFirst, slotsMax));
    }

    /// <summary>Where the kernel looks for free slots: <see cref="Entries"/> of them.</summary>
    public void* Start => _ring;

    public uint Entries => _mask + 1;

    /// <summary>The slots there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The kernel has filled a slot: it is the caller's until <see cref="Return"/>.</summary>
    public void Took()
    {
        using (_lock.Enter())
        {
            _free--;
            if (_free < _count / 4 && _count < _slots.Length)
                Grow(_count);
        }
    }

    /// <summary>The bytes of a slot that the kernel has filled.</summary>
    public ReadOnlySpan<byte> Bytes(ushort slot, int start, int length) => new(_slots[slot] + start, length);

    /// <summary>Of a slot that is somebody's: how many bytes it has, and which one comes next, for a <see cref="SlotQueue"/>.</summary>
    public ref (int Length, int Next) Filling(ushort slot) => ref _fillings[slot];

    /// <summary>The kernel may fill the slot again. From any thread.</summary>
    public void Return(ushort slot)
    {
        using (_lock.Enter())
        {
            if (_isDisposed)
                return;
            Poison(slot);
            Provide(slot);
            Publish();
        }
    }

    public void Dispose()
    {
        using (_lock.Enter())
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            for (int i = 0; i < _count; i++)
                NativeMemory.AlignedFree(_slots[i]);
            NativeMemory.AlignedFree(_ring);
        }
    }

    private void Grow(int more)
    {
        for (int end = Math.Min(_count + more, _slots.Length); _count < end; _count++)
        {
            _slots[_count] = (byte*)NativeMemory.AlignedAlloc(SlotLength, PageLength);
            Provide((ushort)_count);
        }

        Publish();
    }

    private void Provide(ushort slot)
    {
        BufferEntry* entry = _ring + (_tail++ & _mask);
        entry->Address = (ulong)_slots[slot];
        entry->Length = SlotLength;
        entry->Slot = slot;
        _free++;
    }

    /// <summary>The tail lies in the first entry's last field (struct io_uring_buf_ring).</summary>
    private void Publish() => Volatile.Write(ref _ring->Tail, _tail);

    /// <summary>Whoever still reads a slot that was given back shall notice.</summary>
    [System.Diagnostics.Conditional("DEBUG")]
    private void Poison(ushort slot) => new Span<byte>(_slots[slot], SlotLength).Fill(0xDB);

    [StructLayout(LayoutKind.Sequential)]
    private struct BufferEntry
    {
        public ulong Address;
        public uint Length;
        public ushort Slot;
        public ushort Tail;
    }
}
