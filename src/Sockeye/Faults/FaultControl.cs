using System.Security.Cryptography;

namespace Sockeye;

/// <summary>
/// Makes go wrong what a <see cref="FaultPlan"/> says, on connections and, by <see cref="DatagramRelayOptions.Faults"/>, on datagrams. The plan can be changed
/// at any time, from any thread: the new one holds for what comes next, and what waits already goes when it was to.
/// </summary>
/// <remarks>
/// What is left to chance comes from <see cref="Seed"/>: each direction of each connection has its own stream of it, by the connection's number. A stream's pieces
/// are what single reads brought, which the kernel decides; datagrams are the same each time.
/// </remarks>
public sealed class FaultControl
{
    /// <summary>The default of <see cref="QueueBytesMax"/>: 16 MiB, what a gigabit a second has under way in 134 ms.</summary>
    public const int QueueBytesMaxDefault = 16 * 1024 * 1024;

    /// <summary>The default of <see cref="QueueBytesTotalMax"/>: 256 MiB.</summary>
    public const long QueueBytesTotalMaxDefault = 256L * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly HashSet<FaultLink> _links = [];
    private readonly Address[] _addresses;
    private volatile FaultPlan _plan = FaultPlan.None;
    private int _toRefuse;
    private long _lastNumber;

    /// <summary>Begins with a plan.</summary>
    /// <param name="plan">What shall go wrong.</param>
    /// <param name="addresses">Where: a plan that makes no sense at one of them is refused. Null for anywhere.</param>
    /// <param name="seed">Where chance comes from; null for one that differs each time.</param>
    /// <exception cref="ArgumentException">The plan makes no sense there; the message says why.</exception>
    public FaultControl(FaultPlan plan, IEnumerable<Address>? addresses = null, int? seed = null)
    {
        _addresses = [.. addresses ?? []];
        Seed = seed ?? RandomNumberGenerator.GetInt32(1, int.MaxValue);
        Plan = plan;
    }

    /// <summary>Where chance comes from: the same plan, seed and traffic have the same faults.</summary>
    public int Seed { get; }

    /// <summary>The most bytes that wait in one direction of one connection. Over it a stream's writer waits, and a datagram is lost. 16 MiB.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public int QueueBytesMax
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "At least one byte.");
    } = QueueBytesMaxDefault;

    /// <summary>The same for all connections together; above it each direction still has one piece. 256 MiB.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive.</exception>
    public long QueueBytesTotalMax
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "At least one byte.");
    } = QueueBytesTotalMaxDefault;

    /// <summary>
    /// What goes wrong from now on. Setting it begins the counting of <see cref="FaultPlan.Refuse"/> and the time of <see cref="FaultPlan.Reset"/> anew, for the
    /// connections that there are too; silence that has begun stays.
    /// </summary>
    /// <exception cref="ArgumentException">It makes no sense at one of the addresses; the message says why.</exception>
    public FaultPlan Plan
    {
        get => _plan;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (_addresses.Select(value.FindProblem).FirstOrDefault(problem => problem is not null) is { } problem)
                throw new ArgumentException(problem, nameof(value));
            FaultLink[] links;
            lock (_lock)
            {
                _plan = value;
                _toRefuse = value.Refuse ?? 0;
                links = [.. _links];
            }

            foreach (FaultLink link in links)
                link.PlanSet();
        }
    }

    /// <summary>What was done so far.</summary>
    public FaultStatistics Statistics => Counts.Statistics;

    internal FaultCounts Counts { get; } = new();

    internal FaultBudget Budget { get; } = new();

    /// <summary>Resets <paramref name="connection"/> if it is one of those that the plan refuses; false: it is not.</summary>
    public bool TryRefuse(Connection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        lock (_lock)
        {
            if (_toRefuse == 0)
                return false;
            _toRefuse -= _toRefuse == FaultPlan.RefuseAll ? 0 : 1;
        }

        Counts.Count(FaultKind.Refused);
        if (connection.Socket is { } socket)
            socket.Observer?.Faulted(socket, new SocketFault(FaultKind.Refused));
        connection.Abort(new FaultException("refused by a fault"));
        return true;
    }

    /// <summary>
    /// Puts itself between a client and a target that are to be joined: what is passed on by the two that it gives back meets the faults. They own the two given,
    /// and both have to be disposed of, which waits for what is delayed. Time is that of the client's network.
    /// </summary>
    /// <param name="client">The side whose bytes go up.</param>
    /// <param name="target">The side whose bytes go down.</param>
    public (Connection Client, Connection Target) Wrap(Connection client, Connection target)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(target);
        Counts.CountConnection();
        FaultLink link = new(this, client, target, NextNumber());
        lock (_lock)
            _links.Add(link);
        link.PlanSet();
        return (link.Client, link.Target);
    }

    internal long NextNumber() => Interlocked.Increment(ref _lastNumber);

    internal FaultDice DiceOf(long number, FaultDirection direction) => new(Seed, number, direction);

    internal void Remove(FaultLink link)
    {
        lock (_lock)
            _links.Remove(link);
    }
}
