using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Sockeye;

/// <summary>
/// One thread in <c>Socket.Select</c> for all sockets of the process: what every system has. It costs time in proportion to the sockets that wait.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "One for the life of the process.")]
internal sealed class SelectPoller : HostPoller
{
    public static readonly SelectPoller Shared = new();

    private readonly Lock _lock = new();
    private readonly Dictionary<Socket, (HostSocket Owner, SocketEvents Events)> _waiting = [];
    private Socket? _wake;
    private bool _woken;
    private long _round;
    private bool _selecting;

    public override void Arm(HostSocket socket, SocketEvents events)
    {
        lock (_lock)
        {
            if (socket.IsClosed)
                return;
            _waiting[socket.Socket] = _waiting.TryGetValue(socket.Socket, out var entry) ? (socket, entry.Events | events) : (socket, events);
            Wake();
        }
    }

    /// <summary>Whether anybody is said to wait on the socket.</summary>
    public bool IsWaitedFor(HostSocket socket)
    {
        lock (_lock)
            return _waiting.ContainsKey(socket.Socket);
    }

    public override void Disarm(HostSocket socket) => Remove(socket, onlyWhatNobodyAwaits: true);

    public override void Forget(HostSocket socket) => Remove(socket, onlyWhatNobodyAwaits: false);

    private void Remove(HostSocket socket, bool onlyWhatNobodyAwaits)
    {
        long round;
        lock (_lock)
        {
            if (!_waiting.TryGetValue(socket.Socket, out var entry))
                return;

            // Who begins to wait after this asks for it anew.
            SocketEvents left = onlyWhatNobodyAwaits ? entry.Events & socket.Readiness.Awaited : SocketEvents.None;
            if (left != SocketEvents.None)
            {
                _waiting[socket.Socket] = (socket, left);
                return;
            }

            _waiting.Remove(socket.Socket);
            round = _round;
            Wake();
        }

        // System.Net.Sockets shuts down or resets what is closed while it is in use, even if it was detached. The select is awake: it leaves soon.
        SpinWait spin = default;
        while (Volatile.Read(ref _selecting) && Volatile.Read(ref _round) == round)
            spin.SpinOnce();
    }

    private void Wake()
    {
        if (_wake is null)
        {
            // A datagram to itself ends the select; it is connected to itself, so that nobody else's gets in.
            _wake = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            _wake.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _wake.Connect(_wake.LocalEndPoint!);
            _wake.Blocking = false;
            new Thread(Run) { IsBackground = true, Name = "Sockeye select" }.Start();
        }

        if (_woken)
            return;
        _woken = true;
        _wake.Send([1], SocketFlags.None, out _);
    }

    private void Run()
    {
        List<Socket> readable = [];
        List<Socket> writable = [];
        List<Socket> failed = [];
        byte[] drop = new byte[1];
        while (true)
        {
            readable.Clear();
            writable.Clear();
            failed.Clear();
            lock (_lock)
            {
                _woken = false;
                _selecting = true;
                _round++;
                while (_wake!.Receive(drop, SocketFlags.None, out SocketError error) > 0 && error == SocketError.Success)
                {
                }

                foreach ((Socket socket, (_, SocketEvents events)) in _waiting)
                {
                    if ((events & SocketEvents.Readable) != 0)
                        readable.Add(socket);
                    if ((events & SocketEvents.Writable) != 0)
                        writable.Add(socket);
                    failed.Add(socket);
                }
            }

            readable.Add(_wake);
            try
            {
                Socket.Select(readable, writable, failed, -1);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // One of them was closed while it was being listed: all are asked again.
                continue;
            }
            finally
            {
                Volatile.Write(ref _selecting, false);
            }

            Signal(readable, SocketEvents.Readable);
            Signal(writable, SocketEvents.Writable);
            Signal(failed, SocketEvents.Error | SocketEvents.Priority);
        }
    }

    private void Signal(List<Socket> ready, SocketEvents events)
    {
        foreach (Socket socket in ready)
        {
            HostSocket? owner = null;
            lock (_lock)
            {
                if (!_waiting.Remove(socket, out var entry))
                    continue;
                owner = entry.Owner;
                SocketEvents left = entry.Events & ~events;
                if (left != SocketEvents.None && (events & SocketEvents.Error) == 0)
                    _waiting[socket] = (owner, left);
            }

            owner.SignalCore(events);
        }
    }
}
