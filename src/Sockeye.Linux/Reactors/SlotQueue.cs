using System.Diagnostics.CodeAnalysis;

namespace Sockeye;

/// <summary>
/// The slots that the kernel has filled for one connection, in order: a ring of links, of which the last is kept, so that an empty queue takes eight bytes. A field of its owner:
/// not to be copied.
/// </summary>
internal struct SlotQueue
{
    private ReceiveSlot? _last;

    public readonly bool IsEmpty => _last is null;

    public void Enqueue(ReceiveSlot slot)
    {
        slot.Next = _last?.Next ?? slot;
        if (_last is not null)
            _last.Next = slot;
        _last = slot;
    }

    public bool TryDequeue([NotNullWhen(true)] out ReceiveSlot? slot)
    {
        slot = _last?.Next;
        if (slot is null)
            return false;
        if (slot == _last)
            _last = null;
        else
            _last!.Next = slot.Next;
        slot.Next = null;
        return true;
    }
}
