namespace Sockeye;

/// <summary>
/// The requests that are under way, by a place and its generation: a completion of a request that has ended finds nobody, also when its place is another's by then.
/// </summary>
internal sealed class RingPlaces
{
    /// <summary>Generations have so many bits, and begin anew.</summary>
    public const uint GenerationMask = 0x7FFF_FFFF;

    private readonly Stack<int> _free = new();
    private RingReceiver?[] _receivers = new RingReceiver?[64];
    private uint[] _generations = new uint[64];
    private int _used;

    /// <summary>How many are under way.</summary>
    public int Count => _used - _free.Count;

    public int Add(RingReceiver receiver)
    {
        if (!_free.TryPop(out int place))
        {
            place = _used++;
            if (place == _receivers.Length)
            {
                Array.Resize(ref _receivers, 2 * place);
                Array.Resize(ref _generations, 2 * place);
            }
        }

        _receivers[place] = receiver;
        return receiver.Place = place;
    }

    public uint GenerationOf(int place) => _generations[place];

    public RingReceiver? Find(int place, uint generation) =>
        (uint)place < (uint)_used && _generations[place] == generation ? _receivers[place] : null;

    public void Remove(RingReceiver receiver)
    {
        int place = receiver.Place;
        receiver.Place = -1;
        _receivers[place] = null;
        _generations[place] = (_generations[place] + 1) & GenerationMask;
        _free.Push(place);
    }

    public RingReceiver[] All() => [.. _receivers.OfType<RingReceiver>()];
}
