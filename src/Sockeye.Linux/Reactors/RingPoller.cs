namespace Sockeye;

/// <summary>Connections that are read wait for the ring's own receive; all else waits for the epoll, which the ring waits for.</summary>
internal sealed class RingPoller(RingBackend ring) : ReactorPoller
{
    public override void Arm(HostSocket socket, SocketEvents events)
    {
        if (events != SocketEvents.Readable || socket is not ReactorSocket { Receives: true } reader)
        {
            base.Arm(socket, events);
            return;
        }

        RingReceiver receiver = reader.ReceiveBy(ring);
        if (receiver.TryAsk(out bool isToPoll))
            ring.Ask(receiver);
        else if (isToPoll)
            base.Arm(socket, events);
        if (ring.IsDisposed)
            receiver.Abandon();
    }
}
