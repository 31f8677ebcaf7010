using System.Net;

namespace Sockeye;

/// <summary>What names were resolved to, until somebody connects there.</summary>
internal sealed class ResolvedNames
{
    private const int NamesMax = 64;

    private readonly Lock _lock = new();
    private readonly Queue<(EndPoint[] EndPoints, string Text)> _names = [];

    /// <summary>A name was resolved. The oldest is forgotten when there are too many.</summary>
    public void Add(Address address, IReadOnlyList<EndPoint> endPoints, TimeSpan elapsed)
    {
        lock (_lock)
        {
            if (_names.Count == NamesMax)
                _names.Dequeue();
            _names.Enqueue(([.. endPoints], FlowComments.Resolved(address, endPoints, elapsed)));
        }
    }

    /// <summary>How the name of this end point was resolved; null: it had none.</summary>
    public string? Take(EndPoint remote)
    {
        lock (_lock)
            return _names.LastOrDefault(name => name.EndPoints.Contains(remote)).Text;
    }
}
