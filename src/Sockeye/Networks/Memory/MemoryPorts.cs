using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// Who is bound where: ports of streams, ports of datagrams, and Unix names. Its network's lock guards it. A dual-stack wildcard
/// stands for both families.
/// </summary>
internal sealed class MemoryPorts
{
    /// <summary>The dynamic ports (RFC 6335, 6).</summary>
    private const int EphemeralFirst = 49152;

    private const int EphemeralCount = IPEndPoint.MaxPort - EphemeralFirst + 1;

    private readonly Dictionary<(SocketType Type, int Port), List<MemorySocket>> _ports = [];
    private readonly Dictionary<(string Name, SocketType Type), MemorySocket> _names = [];
    private int _nextEphemeral;
    private int _nextName;
    private int _turn;

    /// <summary>Binds a socket to an end point; port 0 takes a free one.</summary>
    public SocketError Bind(MemorySocket socket, IPEndPoint local, out IPEndPoint bound)
    {
        bound = local;
        if (local.Port != 0)
            return TryBind(socket, local);
        for (int tries = 0; tries < EphemeralCount; tries++)
        {
            IPEndPoint candidate = new(local.Address, EphemeralFirst + _nextEphemeral);
            _nextEphemeral = (_nextEphemeral + 1) % EphemeralCount;

            // A free port is nobody's: sharing one is for those who ask for it by number.
            if (At(socket.SocketType, candidate.Port).Any(other => Overlap(other, socket, candidate.Address)))
                continue;
            bound = candidate;
            return TryBind(socket, bound);
        }

        return SocketError.AddressAlreadyInUse;
    }

    /// <summary>Binds a socket to a Unix name. Abstract names are one for each type of socket; a path is one for all.</summary>
    public SocketError Bind(MemorySocket socket, UnixDomainSocketEndPoint name) =>
        _names.TryAdd(Key(name, socket.SocketType), socket) ? SocketError.Success : SocketError.AddressAlreadyInUse;

    /// <summary>A name as Linux makes them (unix(7), autobind): five hexadecimal digits, abstract.</summary>
    public UnixDomainSocketEndPoint BindAutomatically(MemorySocket socket)
    {
        while (true)
        {
            UnixDomainSocketEndPoint name = new($"\0{_nextName++ & 0xFFFFF:x5}");
            if (Bind(socket, name) == SocketError.Success)
                return name;
        }
    }

    /// <summary>Whether a socket may begin to listen where it is bound: two that share a port may not both, unless both reuse it.</summary>
    public bool MayListen(MemorySocket socket) =>
        socket.BoundTo is not IPEndPoint local || !At(socket.SocketType, local.Port).Any(other =>
            other != socket && other.TakesConnections && Overlap(other, socket, local.Address) && !(other.SharesPort && socket.SharesPort));

    public void Remove(MemorySocket socket)
    {
        if (socket.BoundTo is IPEndPoint local && _ports.TryGetValue((socket.SocketType, local.Port), out List<MemorySocket>? sockets))
        {
            if (sockets.Remove(socket) && sockets.Count == 0)
                _ports.Remove((socket.SocketType, local.Port));
        }
        else if (socket.BoundTo is UnixDomainSocketEndPoint name && Find(name, socket.SocketType) == socket)
        {
            _names.Remove(Key(name, socket.SocketType));
        }
    }

    public MemorySocket? Find(UnixDomainSocketEndPoint name, SocketType type) => _names.GetValueOrDefault(Key(name, type));

    /// <summary>All sockets at a port, in the order they were bound.</summary>
    public IReadOnlyList<MemorySocket> At(SocketType type, int port) => _ports.TryGetValue((type, port), out List<MemorySocket>? sockets) ? sockets : [];

    /// <summary>
    /// Whom something for <paramref name="local"/> goes to: the one bound there the most precisely. Of equals the last one bound, or, if they share
    /// the port, each in turn.
    /// </summary>
    /// <param name="type">Stream or datagram.</param>
    /// <param name="local">Where it goes.</param>
    /// <param name="fit">How well a socket suits beside its address; below zero not at all.</param>
    public MemorySocket? Find(SocketType type, IPEndPoint local, Func<MemorySocket, int> fit)
    {
        List<MemorySocket> best = [];
        int bestScore = -1;
        foreach (MemorySocket socket in At(type, local.Port))
        {
            int address = Precision(socket, local.Address);
            int own = fit(socket);
            if (address < 0 || own < 0)
                continue;
            int score = (own * 3) + address;
            if (score > bestScore)
                best.Clear();
            if (score >= bestScore)
                best.Add(socket);
            bestScore = Math.Max(score, bestScore);
        }

        if (best.Count == 0)
            return null;
        return best.Count > 1 && best.TrueForAll(socket => socket.SharesPort) ? best[_turn++ % best.Count & int.MaxValue] : best[^1];
    }

    /// <summary>How precisely a socket is bound to an address: 2 to itself, 1 to its family's wildcard, 0 to the wildcard of both, below zero not.</summary>
    public static int Precision(MemorySocket socket, IPAddress address)
    {
        IPAddress bound = ((IPEndPoint)socket.BoundTo!).Address;
        if (bound.Equals(address))
            return 2;
        if (bound.AddressFamily == address.AddressFamily)
            return MemoryAddresses.IsWildcard(bound) ? 1 : -1;
        return bound.Equals(IPAddress.IPv6Any) && socket.IsDual ? 0 : -1;
    }

    /// <summary>Whether a Unix name is a path, not an abstract one.</summary>
    public static bool IsPath(UnixDomainSocketEndPoint name) => name.Serialize() is { Size: > 2 } bytes && bytes[2] != 0;

    private SocketError TryBind(MemorySocket socket, IPEndPoint local)
    {
        foreach (MemorySocket other in At(socket.SocketType, local.Port))
        {
            if (Overlap(other, socket, local.Address) && !MayShare(other, socket))
                return SocketError.AddressAlreadyInUse;
        }

        if (!_ports.TryGetValue((socket.SocketType, local.Port), out List<MemorySocket>? sockets))
            _ports.Add((socket.SocketType, local.Port), sockets = []);
        sockets.Add(socket);
        return SocketError.Success;
    }

    private static bool MayShare(MemorySocket other, MemorySocket socket) =>
        (other.SharesPort && socket.SharesPort) || (other.ReusesAddress && socket.ReusesAddress && !other.TakesConnections);

    private static bool Overlap(MemorySocket other, MemorySocket socket, IPAddress address)
    {
        IPAddress bound = ((IPEndPoint)other.BoundTo!).Address;
        if (bound.AddressFamily == address.AddressFamily)
            return bound.Equals(address) || MemoryAddresses.IsWildcard(bound) || MemoryAddresses.IsWildcard(address);
        return (bound.Equals(IPAddress.IPv6Any) && other.IsDual) || (address.Equals(IPAddress.IPv6Any) && socket.IsDual);
    }

    private static (string Name, SocketType Type) Key(UnixDomainSocketEndPoint name, SocketType type)
    {
        SocketAddress bytes = name.Serialize();
        string text = Convert.ToHexString(bytes.Buffer.Span[2..bytes.Size]);
        bool isAbstract = text.StartsWith("00", StringComparison.Ordinal);

        // A path may or may not carry its terminator; an abstract name's zeros count.
        return isAbstract ? (text, type) : (TrimTerminator(text), SocketType.Unknown);
    }

    private static string TrimTerminator(string hex)
    {
        while (hex.EndsWith("00", StringComparison.Ordinal) && hex.Length % 2 == 0)
            hex = hex[..^2];
        return hex;
    }
}
