using System.Net;
using System.Net.Sockets;

namespace Sockeye;

// Three messages, as TCP's handshake: the asking, the answer, and its acknowledgement, with which the connection can be accepted.
internal sealed partial class MemoryStreamSocket
{
    /// <summary>Connections that can be accepted.</summary>
    private readonly Queue<MemoryStreamSocket> _accepted = new();

    /// <summary>Sockets that asked while the backlog was full.</summary>
    private readonly Queue<MemoryStreamSocket> _waiting = new();

    /// <summary>Connections that were answered and not acknowledged yet; they have their place in the backlog.</summary>
    private int _halfOpen;

    private int _backlog;

    private bool IsBacklogFull => _accepted.Count + _halfOpen >= _backlog;

    protected internal override SocketError ListenCore(int backlog)
    {
        lock (Memory.Gate)
        {
            if (IsGone)
                return SocketError.OperationAborted;
            if (_phase is not (MemoryPhase.Idle or MemoryPhase.Listening) || (IsUnix && BoundTo is null))
                return SocketError.InvalidArgument;
            if (BoundTo is null && BindTo(Any()) is var error and not SocketError.Success)
                return error;
            if (!Memory.Ports.MayListen(this))
                return SocketError.AddressAlreadyInUse;
            _phase = MemoryPhase.Listening;
            _backlog = Math.Max(backlog, 1);
            AdmitWaiting();
            return SocketError.Success;
        }
    }

    protected internal override SocketError TryAcceptCore(out NetworkSocket? socket)
    {
        lock (Memory.Gate)
        {
            socket = null;
            if (IsGone)
                return SocketError.OperationAborted;
            if (_phase != MemoryPhase.Listening)
                return SocketError.InvalidArgument;
            if (!_accepted.TryDequeue(out MemoryStreamSocket? accepted))
                return SocketError.WouldBlock;
            AdmitWaiting();
            socket = accepted;
            return SocketError.Success;
        }
    }

    protected internal override SocketError TryConnectCore(EndPoint remote)
    {
        lock (Memory.Gate)
        {
            if (IsGone)
                return SocketError.OperationAborted;
            switch (_phase)
            {
                case MemoryPhase.Connecting:
                    return SocketError.AlreadyInProgress;
                case MemoryPhase.Connected or MemoryPhase.Broken:
                    return SocketError.IsConnected;
                case MemoryPhase.Listening:
                    return SocketError.InvalidArgument;
            }

            Pending = SocketError.Success;
            EndPoint destination = Plain(remote);
            if (destination is IPEndPoint ip)
            {
                SocketError error = FindWay(ip, out IPEndPoint way);
                if (error == SocketError.Success)
                    error = BindToward(way.Address);
                if (error != SocketError.Success)
                    return error;
                destination = way;
            }

            ConnectedTo = destination;
            _phase = MemoryPhase.Connecting;
            SendToPeer(() => ArriveAsking(destination));
            return _phase switch
            {
                MemoryPhase.Connected => SocketError.Success,
                MemoryPhase.Connecting => SocketError.InProgress,
                _ => TakePending(),
            };
        }
    }

    private IPEndPoint Any() => (IPEndPoint)Plain(EndPoints.Any(AddressFamily));

    /// <summary>This socket's asking has come to <paramref name="destination"/>.</summary>
    private void ArriveAsking(EndPoint destination)
    {
        if (IsGone)
            return;
        if (Memory.Conditions.Refuses(destination))
        {
            Refuse(SocketError.ConnectionRefused);
            return;
        }

        MemorySocket? found = destination is IPEndPoint ip
            ? Memory.Ports.Find(SocketType.Stream, ip, static socket => socket.TakesConnections ? 0 : -1)
            : Memory.Ports.Find((UnixDomainSocketEndPoint)destination, SocketType);
        if (found is MemoryStreamSocket { TakesConnections: true } listener && listener.SocketType == SocketType)
            listener.Consider(this);
        else
            Refuse(ReasonWhyNot(destination, found));
    }

    private SocketError ReasonWhyNot(EndPoint destination, MemorySocket? found)
    {
        // As unix(7): a path that is not there is no address, one of another type is the wrong one.
        if (found is not null && found.SocketType != SocketType)
            return SocketError.ProtocolType;
        bool isNoAddress = found is null && destination is UnixDomainSocketEndPoint name && MemoryPorts.IsPath(name);
        return isNoAddress ? SocketError.AddressNotAvailable : SocketError.ConnectionRefused;
    }

    private void Consider(MemoryStreamSocket client)
    {
        if (!IsBacklogFull)
            Admit(client);
        else if (IsUnix)
            client.Refuse(SocketError.ConnectionRefused);
        else
            _waiting.Enqueue(client);
    }

    /// <summary>TCP asks again and again while a backlog is full, and gets in when there is a place.</summary>
    private void AdmitWaiting()
    {
        while (!IsBacklogFull && _waiting.TryDequeue(out MemoryStreamSocket? client))
        {
            if (!client.IsGone)
                Admit(client);
        }
    }

    private void Admit(MemoryStreamSocket client)
    {
        _halfOpen++;
        MemoryStreamSocket server = new(Memory, AddressFamily, SocketType, ProtocolType, new MemoryOptions(Options))
        {
            BoundTo = IsUnix ? BoundTo : client.ConnectedTo,
            ConnectedTo = client.NameForPeers,
            _peer = client,
            _phase = MemoryPhase.Connected,
        };
        Memory.Add(server);
        server.SendToPeer(() => client.ArriveAnswer(server, this));
    }

    private void ArriveAnswer(MemoryStreamSocket server, MemoryStreamSocket listener)
    {
        if (IsGone)
        {
            listener._halfOpen--;
            server.CloseNow(reset: true);
            listener.AdmitWaiting();
            return;
        }

        _peer = server;
        _phase = MemoryPhase.Connected;
        Signal(SocketEvents.Writable);
        SendToPeer(() => listener.ArriveAcknowledgement(server));
    }

    private void ArriveAcknowledgement(MemoryStreamSocket server)
    {
        _halfOpen--;
        if (IsGone)
        {
            server.CloseNow(reset: true);
            return;
        }

        _accepted.Enqueue(server);
        Signal(SocketEvents.Readable);
    }

    /// <summary>The answer to this socket's asking is no.</summary>
    private void Refuse(SocketError reason) =>
        Transit.Send(new MemoryPacket(new MemoryFlow(), ConnectedTo, NameForPeers, IsDatagram: false, () => ArriveNo(reason)));

    private void ArriveNo(SocketError reason)
    {
        if (IsGone)
            return;
        _phase = MemoryPhase.Idle;
        ConnectedTo = null;
        Pending = reason;
        UnbindAfterConnect();
        Signal(SocketEvents.Readable | SocketEvents.Writable | SocketEvents.Error | SocketEvents.HangUp);
    }

    /// <summary>A listener that closes resets what nobody accepted, and refuses what waits.</summary>
    private void TurnAllAway()
    {
        while (_accepted.TryDequeue(out MemoryStreamSocket? server))
        {
            // A Unix socket's own close knows no reset.
            server.SendToPeer(server._peer!.ArriveReset);
            server.CloseNow(reset: true);
        }

        while (_waiting.TryDequeue(out MemoryStreamSocket? client))
        {
            if (!client.IsGone)
                client.Refuse(SocketError.ConnectionRefused);
        }
    }
}
