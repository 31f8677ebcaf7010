using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;
using Sockeye.Interop;

namespace Sockeye;

/// <summary>A reactor's epoll, which only the reactor asks.</summary>
internal sealed class EpollBackend : ReactorBackend
{
    private const int BatchMax = 128;

    /// <summary>No socket has it: keys are places in a table.</summary>
    private const ulong WakeKey = ulong.MaxValue;

    private readonly ReactorPoller _poller = new();
    private readonly WakeEvent _wake;
    private readonly ulong[] _keys = new ulong[BatchMax];
    private readonly SocketEvents[] _events = new SocketEvents[BatchMax];

    /// <exception cref="SocketException">No descriptor is left.</exception>
    public EpollBackend()
    {
        _wake = new WakeEvent();
        if (LibC.EpollWatch(_poller.Epoll, _wake.Descriptor, WakeKey) != SocketError.Success)
            throw SocketErrors.Create(SocketError.TooManyOpenSockets, "start a reactor");
    }

    public override HostPoller Poller => _poller;

    public override void Collect(bool waits, ref SocketReadiness.Woken woken)
    {
        int count = LibC.EpollWait(_poller.Epoll, _keys, _events, waits);

        // Each goes to the front: backwards, so that the first is resumed first.
        while (count-- > 0)
        {
            if (_keys[count] != WakeKey && _poller.Find(_keys[count]) is { } readiness)
                woken.Signal(readiness, _events[count]);
        }
    }

    public override void Wake() => _wake.Set();

    public override void Dispose()
    {
        _poller.Close();
        _wake.Dispose();
    }
}
