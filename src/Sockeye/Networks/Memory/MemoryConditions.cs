using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// The weather on a <see cref="MemoryNetwork"/>: how long everything takes, who refuses, who is silent, and whose connections break. It may
/// change at any time, from any thread.
/// </summary>
/// <remarks>
/// An end point with port 0 stands for every port of its address. A predicate is asked under the network's lock: it must be quick
/// and must not call the network.
/// </remarks>
public sealed class MemoryConditions
{
    private readonly MemoryNetwork _network;
    private readonly List<Func<EndPoint, bool>> _refusals = [];
    private readonly List<Func<EndPoint, bool>> _drops = [];
    private TimeSpan _delay;

    internal MemoryConditions(MemoryNetwork network) => _network = network;

    /// <summary>
    /// How long everything takes one way, on the network's clock: connection set-up, data, ends, resets and datagrams. Zero, the
    /// default, delivers within the call. What is under way keeps its time of arrival, and nothing overtakes what the same socket sent before.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or over 24 days.</exception>
    public TimeSpan Delay
    {
        get
        {
            lock (_network.Gate)
                return _delay;
        }

        set
        {
            if (value < TimeSpan.Zero || value.TotalMilliseconds > int.MaxValue)
                throw new ArgumentOutOfRangeException(nameof(value), value, "A delay is zero, or up to 24 days.");
            lock (_network.Gate)
                _delay = value;
        }
    }

    internal bool LetAllPassAtOnce => _delay == TimeSpan.Zero && _drops.Count == 0;

    /// <summary>
    /// From now on <paramref name="endPoint"/> refuses, as if nobody were there: a connect ends with
    /// <see cref="SocketError.ConnectionRefused"/>, a connected datagram socket hears of it by its next call. Connections that exist go on.
    /// </summary>
    /// <returns>Disposing it undoes it.</returns>
    public IDisposable Refuse(EndPoint endPoint) => Refuse(Matching(endPoint));

    /// <inheritdoc cref="Refuse(EndPoint)"/>
    /// <param name="endPoints">Is asked with the end point that is sent or connected to.</param>
    public IDisposable Refuse(Func<EndPoint, bool> endPoints) => Add(_refusals, endPoints);

    /// <summary>
    /// From now on what comes from or goes to <paramref name="endPoint"/> does not arrive, and nobody is told: connects are not answered,
    /// connections stand still, datagrams vanish.
    /// </summary>
    /// <returns>Disposing it undoes it. Then connects and connections go on where they stood, as retransmission would let them.</returns>
    public IDisposable Drop(EndPoint endPoint) => Drop(Matching(endPoint));

    /// <inheritdoc cref="Drop(EndPoint)"/>
    /// <param name="endPoints">Is asked with either end point of what is under way, as it arrives.</param>
    public IDisposable Drop(Func<EndPoint, bool> endPoints) => Add(_drops, endPoints);

    /// <summary>Breaks every connection that has <paramref name="endPoint"/> at one end: both sides are reset at once, without delay.</summary>
    /// <returns>How many connections that were.</returns>
    public int Reset(EndPoint endPoint) => Reset(Matching(endPoint));

    /// <inheritdoc cref="Reset(EndPoint)"/>
    /// <param name="endPoints">Is asked with the local end point of either side.</param>
    public int Reset(Func<EndPoint, bool> endPoints)
    {
        ArgumentNullException.ThrowIfNull(endPoints);
        return _network.ResetConnections(endPoints);
    }

    internal bool Refuses(EndPoint to) => IsAny(_refusals, to);

    internal bool Drops(EndPoint? from, EndPoint? to) => _drops.Count > 0 && (IsAny(_drops, from) || IsAny(_drops, to));

    private static bool IsAny(List<Func<EndPoint, bool>> rules, EndPoint? endPoint) =>
        endPoint is not null && rules.Exists(rule => rule(endPoint));

    private static Func<EndPoint, bool> Matching(EndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        EndPoint plain = EndPoints.Unmap(endPoint);
        return plain is IPEndPoint { Port: 0 } address ? candidate => candidate is IPEndPoint ip && ip.Address.Equals(address.Address) : plain.Equals;
    }

    private Rule Add(List<Func<EndPoint, bool>> rules, Func<EndPoint, bool> endPoints)
    {
        ArgumentNullException.ThrowIfNull(endPoints);
        lock (_network.Gate)
            rules.Add(endPoints);
        return new Rule(_network, rules, endPoints);
    }

    private sealed class Rule(MemoryNetwork network, List<Func<EndPoint, bool>> rules, Func<EndPoint, bool> endPoints) : IDisposable
    {
        private bool _undone;

        public void Dispose()
        {
            lock (network.Gate)
            {
                if (_undone)
                    return;
                _undone = true;
                rules.RemoveAt(rules.FindIndex(rule => ReferenceEquals(rule, endPoints)));
                network.Transit.Release();
            }
        }
    }
}
