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
    /// <summary>The most slots: a reactor's receive buffers take up to 8 MiB.</summary>
    public const int SlotsMax = 512;

    private const int SlotsAtFirst = 64;
    private const int PageLength = 4096;

    private BriefLock _lock = new();
    private readonly BufferEntry* _ring;

    /// <summary>By number. Not those that are lent: one that is forgotten comes back by its finalizer.</summary>
    private readonly ReceiveSlot?[] _slots;
    private readonly uint _mask;
    private readonly bool _poisons;
    private int _count;
    private int _free;
    private ushort _tail;
    private bool _isDisposed;

    /// <param name="slotsMax">The most slots, a power of two.</param>
    /// <param name="poisons">Whether the bytes of a slot that was given back are overwritten, so that whoever still reads it notices: in tests.</param>
    public ReceiveBuffers(int slotsMax = SlotsMax, bool poisons = false)
    {
        _poisons = poisons;
        _slots = new ReceiveSlot?[slotsMax];
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
    public ReceiveSlot Take(ushort number, int length)
    {
        using (_lock.Enter())
        {
            _free--;
            if (_free < _count / 4 && _count < _slots.Length)
                Grow(_count);
            ReceiveSlot slot = _slots[number]!;
            slot.Fill(length);
            return slot;
        }
    }

    /// <summary>
    /// The caller's slot becomes a reader's, for as long as that likes. False: it has to be copied, since readers that take their time must leave the kernel a quarter of the
    /// slots.
    /// </summary>
    public bool TryLend(ReceiveSlot slot)
    {
        using (_lock.Enter())
        {
            if (_free < _count / 4)
                return false;
            slot.IsLent = true;
            _slots[slot.Number] = null;
            return true;
        }
    }

    /// <summary>The kernel may fill the slot again. From any thread.</summary>
    public void Return(ReceiveSlot slot)
    {
        using (_lock.Enter())
        {
            bool wasLent = slot.IsLent;
            slot.IsLent = false;
            if (_isDisposed)
            {
                // All others are freed by now.
                if (wasLent)
                    slot.Free();
                return;
            }

            if (_poisons)
                slot.Poison();
            _slots[slot.Number] = slot;
            Provide(slot);
            Publish();
        }
    }

    /// <summary>Frees the memory; a reader's slots when they are given back.</summary>
    public void Dispose()
    {
        using (_lock.Enter())
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            foreach (ReceiveSlot? slot in _slots)
                slot?.Free();
            NativeMemory.AlignedFree(_ring);
        }
    }

    private void Grow(int more)
    {
        for (int end = Math.Min(_count + more, _slots.Length); _count < end; _count++)
            Provide(_slots[_count] = new ReceiveSlot(this, (ushort)_count));
        Publish();
    }

    private void Provide(ReceiveSlot slot)
    {
        BufferEntry* entry = _ring + (_tail++ & _mask);
        entry->Address = (ulong)slot.Address;
        entry->Length = ReceiveSlot.Size;
        entry->Slot = slot.Number;
        _free++;
    }

    /// <summary>The tail lies in the first entry's last field (struct io_uring_buf_ring).</summary>
    private void Publish() => Volatile.Write(ref _ring->Tail, _tail);

    [StructLayout(LayoutKind.Sequential)]
    private struct BufferEntry
    {
        public ulong Address;
        public uint Length;
        public ushort Slot;
        public ushort Tail;
    }
}
