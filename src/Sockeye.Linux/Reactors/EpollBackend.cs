using System.Net.Sockets;
using Sockeye.Interop;

namespace Sockeye;

/// <summary>A reactor's epoll, which only the reactor asks.</summary>
internal sealed class EpollBackend : ReactorBackend
{
    private readonly ReactorPoller _poller = new();
    private readonly WakeEvent _wake = new();

    /// <exception cref="SocketException">No descriptor is left.</exception>
    public EpollBackend()
    {
        if (LibC.EpollWatch(_poller.Epoll, _wake.Descriptor, ReactorPoller.NoSocket) != SocketError.Success)
            throw SocketErrors.Create(SocketError.TooManyOpenSockets, "start a reactor");
    }

    public override HostPoller Poller => _poller;

    public override void Collect(bool waits, ref SocketReadiness.Woken woken) => _poller.Collect(waits, ref woken);

    public override void Wake() => _wake.Set();

    public override void Dispose()
    {
        _poller.Close();
        _wake.Dispose();
    }
}
