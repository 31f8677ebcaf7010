namespace Sockeye;

/// <summary>
/// The slots that the kernel has filled for one connection, in order. The links lie with the slots, so that an empty queue takes eight bytes. A field of its owner: not
/// to be copied.
/// </summary>
internal struct SlotQueue
{
    /// <summary>A slot and one more; 0: none.</summary>
    private int _first;
    private int _last;

    public readonly bool IsEmpty => _first == 0;

    public void Enqueue(ReceiveBuffers buffers, ushort slot, int length)
    {
        buffers.Filling(slot) = (length, 0);
        if (_first == 0)
            _first = slot + 1;
        else
            buffers.Filling((ushort)(_last - 1)).Next = slot + 1;
        _last = slot + 1;
    }

    public bool TryDequeue(ReceiveBuffers buffers, out FilledSlot filled)
    {
        filled = default;
        if (_first == 0)
            return false;
        ushort slot = (ushort)(_first - 1);
        (int length, _first) = buffers.Filling(slot);
        filled = new FilledSlot(slot, 0, length);
        return true;
    }
}
